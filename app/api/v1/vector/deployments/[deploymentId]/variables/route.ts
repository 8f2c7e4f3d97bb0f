import { fetchVariables } from '#lib/deployments/fetch-variables.ts';
import { defineTokenRoute } from '#lib/http/vector/define-token-route.ts';
import { deploymentParams, variables } from '#lib/http/wire/vector/deployment.ts';

export const GET = defineTokenRoute({
  params: deploymentParams,
  data: variables,
  message: 'Variables retrieved successfully',
  handle: (origin, token, { params }) => fetchVariables(origin, params.deploymentId, token),
});

export * from '#lib/http/vector/other-methods.ts';
