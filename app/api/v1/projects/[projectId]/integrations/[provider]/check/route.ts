import { integrationAnswer, providerParams } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { checkIntegration } from '#lib/integrations/check-integration.ts';

export const POST = defineRoute({
  access: 'integrations.check',
  params: providerParams,
  answer: integrationAnswer,
  handle: async (context, { params }) => ({ integration: await checkIntegration(context, params.projectId, params.provider) }),
});

export * from '#lib/http/other-methods.ts';
