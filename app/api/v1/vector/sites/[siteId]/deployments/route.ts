import { pageSiteDeployments } from '#lib/deployments/page-deployments.ts';
import { defineVectorList } from '#lib/http/vector/define-vector-route.ts';
import { deployment, siteDeploymentsQuery } from '#lib/http/wire/vector/deployment.ts';
import { siteParams } from '#lib/http/wire/vector/site.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  params: siteParams,
  query: siteDeploymentsQuery,
  item: deployment,
  message: 'Deployments retrieved successfully',
  handle: (context, { params, query }) => pageSiteDeployments(context, params.siteId, query),
});

export * from '#lib/http/vector/other-methods.ts';
