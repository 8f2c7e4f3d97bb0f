import { GET } from '#app/api/v1/vector/environments/route.ts';
import { defineVectorRoute } from '#lib/http/vector/define-vector-route.ts';
import { createEnvironmentBody, environmentWithSecret, siteParams } from '#lib/http/wire/vector/site.ts';
import { createEnvironment } from '#lib/sites/create-environment.ts';

export { GET };

export const POST = defineVectorRoute({
  access: 'sites.change',
  params: siteParams,
  body: createEnvironmentBody,
  data: environmentWithSecret,
  status: 201,
  message: 'Environment created successfully',
  handle: (context, { params, body }) => createEnvironment(context, params.siteId, body),
});

export * from '#lib/http/vector/other-methods.ts';
