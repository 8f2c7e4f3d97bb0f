import { nothing } from '#lib/contract/vector/envelope.ts';
import { sentSiteChanges, site, siteParams } from '#lib/contract/vector/site.ts';
import { deleteSite, getSite, updateSite } from '#lib/sites/sites.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorRoute({
  access: 'sites.read',
  params: siteParams,
  data: site,
  message: 'Site retrieved successfully',
  handle: (context, { params }) => getSite(context, params.siteId),
});

export const PUT = defineVectorRoute({
  access: 'sites.change',
  params: siteParams,
  body: sentSiteChanges,
  data: site,
  message: 'Site updated successfully',
  handle: (context, { params, body }) => updateSite(context, params.siteId, body),
});

export const DELETE = defineVectorRoute({
  access: 'sites.change',
  params: siteParams,
  data: nothing,
  message: 'Site deleted successfully',
  handle: async (context, { params }) => {
    await deleteSite(context, params.siteId);
    return {};
  },
});

export * from '#lib/vector/other-methods.ts';
