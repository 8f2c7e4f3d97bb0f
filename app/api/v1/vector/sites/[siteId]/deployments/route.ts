import { deployment, siteDeploymentsQuery } from '#lib/contract/vector/deployment.ts';
import { siteParams } from '#lib/contract/vector/site.ts';
import { pageSiteDeployments } from '#lib/deployments/deployments.ts';
import { defineVectorList } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  params: siteParams,
  query: siteDeploymentsQuery,
  item: deployment,
  message: 'Deployments retrieved successfully',
  handle: (context, { params, query }) => pageSiteDeployments(context, params.siteId, query),
});

export * from '#lib/vector/other-methods.ts';
