import { sentSiteBody, site, siteQuery } from '#lib/contract/vector/site.ts';
import { createSite, pageSites } from '#lib/sites/sites.ts';
import { defineVectorList, defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  query: siteQuery,
  item: site,
  message: 'Sites retrieved successfully',
  handle: (context, { query }) => pageSites(context, query),
});

export const POST = defineVectorRoute({
  access: 'sites.change',
  body: sentSiteBody,
  data: site,
  status: 201,
  message: 'Site created successfully',
  handle: (context, { body }) => createSite(context, body),
});

export * from '#lib/vector/other-methods.ts';
