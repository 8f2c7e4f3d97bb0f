import { defineVectorList } from '#lib/http/vector/define-vector-route.ts';
import { environment, environmentsQuery } from '#lib/http/wire/vector/site.ts';
import { pageEnvironments } from '#lib/sites/page-environments.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  query: environmentsQuery,
  item: environment,
  message: 'Environments retrieved successfully',
  handle: (context, { query }) => pageEnvironments(context, query.site, query),
});

export * from '#lib/http/vector/other-methods.ts';
