import { createDeploymentBody, deployment } from '#lib/contract/vector/deployment.ts';
import { pageQuery } from '#lib/contract/vector/envelope.ts';
import { environmentParams } from '#lib/contract/vector/site.ts';
import { pageDeployments, requestDeployment } from '#lib/deployments/deployments.ts';
import { defineVectorList, defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  params: environmentParams,
  query: pageQuery,
  item: deployment,
  message: 'Deployments retrieved successfully',
  handle: (context, { params, query }) => pageDeployments(context, params, query),
});

export const POST = defineVectorRoute({
  access: 'sites.deploy',
  params: environmentParams,
  body: createDeploymentBody,
  data: deployment,
  status: 202,
  message: 'Deployment initiated successfully',
  handle: (context, { params, body }) => requestDeployment(context, params, body),
});

export * from '#lib/vector/other-methods.ts';
