import { deploymentParams, variables } from '#lib/contract/vector/deployment.ts';
import { fetchVariables } from '#lib/deployments/fetch-variables.ts';
import { defineTokenRoute } from '#lib/vector/define-token-route.ts';

export const GET = defineTokenRoute({
  params: deploymentParams,
  data: variables,
  message: 'Variables retrieved successfully',
  handle: (origin, token, { params }) => fetchVariables(origin, params.deploymentId, token),
});

export * from '#lib/vector/other-methods.ts';
