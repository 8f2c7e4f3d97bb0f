import { environmentReset, environmentResetBody } from '#lib/contract/vector/reset.ts';
import { environmentParams } from '#lib/contract/vector/site.ts';
import { resetEnvironmentPassword } from '#lib/sites/reset-password.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const POST = defineVectorRoute({
  access: 'sites.reset',
  params: environmentParams,
  body: environmentResetBody,
  data: environmentReset,
  message: 'Database password reset successfully',
  statusOf: ({ is_done: isDone }) =>
    isDone
      ? { status: 200, message: 'Database password reset successfully' }
      : { status: 202, message: 'Database password reset is still running; poll its job' },
  handle: (context, { params, body }) => resetEnvironmentPassword(context, params, body),
});

export * from '#lib/vector/other-methods.ts';
