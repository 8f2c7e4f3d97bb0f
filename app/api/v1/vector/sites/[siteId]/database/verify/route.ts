import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { siteParams } from '#lib/http/wire/vector/site.ts';
import { verification } from '#lib/http/wire/vector/verify.ts';
import { verifySite } from '#lib/sites/verify-login.ts';

export const POST = defineVectorRoute({
  access: 'sites.verify',
  params: siteParams,
  data: verification,
  message: 'Database connection verified',
  handle: (context, { params }) => verifySite(context, params.siteId),
});

export * from '#lib/http/vector/other-methods.ts';
