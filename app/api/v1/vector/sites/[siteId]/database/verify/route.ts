import { siteParams } from '#lib/contract/vector/site.ts';
import { verification } from '#lib/contract/vector/verify.ts';
import { verifySite } from '#lib/sites/verify-login.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const POST = defineVectorRoute({
  access: 'sites.verify',
  params: siteParams,
  data: verification,
  message: 'Database connection verified',
  handle: (context, { params }) => verifySite(context, params.siteId),
});

export * from '#lib/vector/other-methods.ts';
