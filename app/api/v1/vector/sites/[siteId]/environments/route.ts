import { pageQuery } from '#lib/contract/vector/envelope.ts';
import { createEnvironmentBody, environment, environmentWithSecret, siteParams } from '#lib/contract/vector/site.ts';
import { createEnvironment, pageEnvironments } from '#lib/sites/environments.ts';
import { defineVectorList, defineVectorRoute } from '#lib/vector/define-vector-route.ts';

export const GET = defineVectorList({
  access: 'sites.read',
  params: siteParams,
  query: pageQuery,
  item: environment,
  message: 'Environments retrieved successfully',
  handle: (context, { params, query }) => pageEnvironments(context, params.siteId, query),
});

export const POST = defineVectorRoute({
  access: 'sites.change',
  params: siteParams,
  body: createEnvironmentBody,
  data: environmentWithSecret,
  status: 201,
  message: 'Environment created successfully',
  handle: (context, { params, body }) => createEnvironment(context, params.siteId, body),
});

export * from '#lib/vector/other-methods.ts';
