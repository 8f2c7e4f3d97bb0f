import { defineVectorList } from '#lib/http/vector/define-vector-route.ts';
import { pageQuery } from '#lib/http/wire/vector/envelope.ts';
import { environment, environmentsParams } from '#lib/http/wire/vector/site.ts';
import { pageEnvironments } from '#lib/sites/page-environments.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  params: environmentsParams,
  query: pageQuery,
  item: environment,
  message: 'Environments retrieved successfully',
  handle: (context, { params, query }) => pageEnvironments(context, params.siteId, query),
});

export * from '#lib/http/vector/other-methods.ts';
