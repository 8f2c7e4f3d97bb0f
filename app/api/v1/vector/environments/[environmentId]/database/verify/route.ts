import { environmentParams } from '#lib/contract/vector/site.ts';
import { verification } from '#lib/contract/vector/verify.ts';
import { verifyEnvironment } from '#lib/sites/verify-login.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const POST = defineVectorRoute({
  access: 'sites.verify',
  params: environmentParams,
  data: verification,
  message: 'Database connection verified',
  handle: (context, { params }) => verifyEnvironment(context, params),
});

export * from '#lib/vector/other-methods.ts';
