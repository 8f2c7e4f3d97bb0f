import { defineRoute } from '#lib/http/define-route.ts';
import { integrationAnswer, providerParams } from '#lib/http/wire/integration.ts';
import { requestRedeployment } from '#lib/integrations/request-redeployment.ts';

export const POST = defineRoute({
  access: 'integrations.sync',
  params: providerParams,
  answer: integrationAnswer,
  status: 202,
  handle: async (context, { params }) => ({ integration: await requestRedeployment(context, params.projectId, params.provider) }),
});

export * from '#lib/http/other-methods.ts';
