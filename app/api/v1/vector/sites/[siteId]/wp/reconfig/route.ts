import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { site, siteParams } from '#lib/http/wire/vector/site.ts';
import { reconfigureWordpress } from '#lib/sites/reconfigure-wordpress.ts';

export const POST = defineVectorRoute({
  access: 'sites.reset',
  params: siteParams,
  data: site,
  message: 'WordPress configuration written successfully',
  handle: (context, { params }) => reconfigureWordpress(context, params.siteId),
});

export * from '#lib/http/vector/other-methods.ts';
