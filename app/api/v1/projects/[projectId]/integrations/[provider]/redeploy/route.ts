import { integrationAnswer, providerParams } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { requestRedeployment } from '#lib/integrations/redeploy.ts';

export const POST = defineRoute({
  access: 'integrations.sync',
  params: providerParams,
  answer: integrationAnswer,
  status: 202,
  handle: async (context, { params }) => ({ integration: await requestRedeployment(context, params.projectId, params.provider) }),
});

export * from '#lib/http/other-methods.ts';
