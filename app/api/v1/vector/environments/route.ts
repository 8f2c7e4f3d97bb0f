import { environment, environmentsQuery } from '#lib/contract/vector/site.ts';
import { pageEnvironments } from '#lib/sites/environments.ts';
import { defineVectorList } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  query: environmentsQuery,
  item: environment,
  message: 'Environments retrieved successfully',
  handle: (context, { query }) => pageEnvironments(context, query.site, query),
});

export * from '#lib/vector/other-methods.ts';
