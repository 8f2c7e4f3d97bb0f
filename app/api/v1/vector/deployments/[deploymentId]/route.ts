import { getDeployment } from '#lib/deployments/load-deployment.ts';
import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { deployment, deploymentParams } from '#lib/http/wire/vector/deployment.ts';

export const GET = defineVectorRoute({
  access: 'sites.read',
  params: deploymentParams,
  data: deployment,
  message: 'Deployment retrieved successfully',
  handle: (context, { params }) => getDeployment(context, params),
});

export * from '#lib/http/vector/other-methods.ts';
