import { deployment, deploymentParams } from '#lib/contract/vector/deployment.ts';
import { getDeployment } from '#lib/deployments/deployments.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorRoute({
  access: 'sites.read',
  params: deploymentParams,
  data: deployment,
  message: 'Deployment retrieved successfully',
  handle: (context, { params }) => getDeployment(context, params),
});

export * from '#lib/vector/other-methods.ts';
