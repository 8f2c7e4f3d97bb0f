import { deployment, deploymentParams, reportBody } from '#lib/contract/vector/deployment.ts';
import { reportDeployment } from '#lib/deployments/report-deployment.ts';
import { defineTokenRoute } from '#lib/vector/define-token-route.ts';

export const POST = defineTokenRoute({
  params: deploymentParams,
  body: reportBody,
  data: deployment,
  message: 'Deployment reported successfully',
  handle: (_origin, token, { params, body }) => reportDeployment(params.deploymentId, token, body),
});

export * from '#lib/vector/other-methods.ts';
