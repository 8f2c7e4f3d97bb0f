import { nothing } from '#lib/contract/vector/envelope.ts';
import { environment, environmentParams, environmentWithSecret, updateEnvironmentBody } from '#lib/contract/vector/site.ts';
import { deleteEnvironment, getEnvironment, updateEnvironment } from '#lib/sites/environments.ts';
import { defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorRoute({
  access: 'sites.read',
  params: environmentParams,
  data: environment,
  message: 'Environment retrieved successfully',
  handle: (context, { params }) => getEnvironment(context, params),
});

export const PUT = defineVectorRoute({
  access: 'sites.change',
  params: environmentParams,
  body: updateEnvironmentBody,
  data: environmentWithSecret,
  message: 'Environment updated successfully',
  handle: (context, { params, body }) => updateEnvironment(context, params, body),
});

export const DELETE = defineVectorRoute({
  access: 'sites.change',
  params: environmentParams,
  data: nothing,
  message: 'Environment deleted successfully',
  handle: async (context, { params }) => {
    await deleteEnvironment(context, params);
    return {};
  },
});

export * from '#lib/vector/other-methods.ts';
