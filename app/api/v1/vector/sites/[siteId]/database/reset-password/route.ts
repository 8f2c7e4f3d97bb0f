import { devReset, resetBody } from '#lib/contract/vector/reset.ts';
import { siteParams } from '#lib/contract/vector/site.ts';
import { resetDevPassword } from '#lib/sites/reset-password.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const POST = defineVectorRoute({
  access: 'sites.reset',
  params: siteParams,
  body: resetBody,
  data: devReset,
  message: 'Database password reset successfully',
  statusOf: ({ is_done: isDone }) =>
    isDone
      ? { status: 200, message: 'Database password reset successfully' }
      : { status: 202, message: 'Database password reset is still running; poll its job' },
  handle: (context, { params, body }) => resetDevPassword(context, params.siteId, body),
});

export * from '#lib/vector/other-methods.ts';
