import { site, siteParams } from '#lib/contract/vector/site.ts';
import { reconfigureWordpress } from '#lib/sites/reconfigure-wordpress.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const POST = defineVectorRoute({
  access: 'sites.reset',
  params: siteParams,
  data: site,
  message: 'WordPress configuration written successfully',
  handle: (context, { params }) => reconfigureWordpress(context, params.siteId),
});

export * from '#lib/vector/other-methods.ts';
