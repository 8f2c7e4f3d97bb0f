import { projectParams } from '#lib/contract/common.ts';
import { connectBody, integrationList, integrationWithJob } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { connectIntegration } from '#lib/integrations/connect-integration.ts';
import { listIntegrations } from '#lib/integrations/list-integrations.ts';

export const GET = defineRoute({
  access: 'integrations.read',
  params: projectParams,
  answer: integrationList,
  handle: async (context, { params }) => ({ integrations: await listIntegrations(context, params.projectId) }),
});

/** For every provider alike. The routes of single ones call the place by the provider's own word. */
export const POST = defineRoute({
  access: 'integrations.manage',
  params: projectParams,
  body: connectBody,
  answer: integrationWithJob,
  status: 201,
  handle: (context, { params, body: { provider, token, external_id: externalId, account_id: accountId = null, ...settings } }) =>
    connectIntegration(context, params.projectId, { provider, token, externalId, accountId, placeField: 'external_id', settings }),
});

export * from '#lib/http/other-methods.ts';
