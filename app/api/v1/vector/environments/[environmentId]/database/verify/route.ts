import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { environmentParams } from '#lib/http/wire/vector/site.ts';
import { verification } from '#lib/http/wire/vector/verify.ts';
import { verifyEnvironment } from '#lib/sites/verify-login.ts';

export const POST = defineVectorRoute({
  access: 'sites.verify',
  params: environmentParams,
  data: verification,
  message: 'Database connection verified',
  handle: (context, { params }) => verifyEnvironment(context, params),
});

export * from '#lib/http/vector/other-methods.ts';
