import { reportDeployment } from '#lib/deployments/report-deployment.ts';
import { defineTokenRoute } from '#lib/http/vector/define-token-route.ts';
import { deployment, deploymentParams, reportBody } from '#lib/http/wire/vector/deployment.ts';

export const POST = defineTokenRoute({
  params: deploymentParams,
  body: reportBody,
  data: deployment,
  message: 'Deployment reported successfully',
  handle: (_origin, token, { params, body }) => reportDeployment(params.deploymentId, token, body),
});

export * from '#lib/http/vector/other-methods.ts';
