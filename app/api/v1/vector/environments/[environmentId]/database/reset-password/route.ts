import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { environmentReset, environmentResetBody } from '#lib/http/wire/vector/reset.ts';
import { environmentParams } from '#lib/http/wire/vector/site.ts';
import { resetEnvironmentPassword } from '#lib/sites/reset-environment-password.ts';

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

export * from '#lib/http/vector/other-methods.ts';
