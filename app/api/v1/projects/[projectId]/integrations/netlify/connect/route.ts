import { projectParams } from '#lib/contract/common.ts';
import { connectNetlifyBody, integrationWithJob } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { connectIntegration } from '#lib/integrations/connect-integration.ts';

export const POST = defineRoute({
  access: 'integrations.manage',
  params: projectParams,
  body: connectNetlifyBody,
  answer: integrationWithJob,
  status: 201,
  handle: (context, { params, body: { token, site_id: externalId, ...settings } }) =>
    connectIntegration(context, params.projectId, { provider: 'netlify', token, externalId, accountId: null, placeField: 'site_id', settings }),
});

export * from '#lib/http/other-methods.ts';
