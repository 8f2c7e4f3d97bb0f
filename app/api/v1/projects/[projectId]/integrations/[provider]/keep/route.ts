import { integrationAnswer, providerParams } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { keepTheirs } from '#lib/integrations/drift.ts';

export const POST = defineRoute({
  access: 'integrations.check',
  params: providerParams,
  answer: integrationAnswer,
  handle: async (context, { params }) => ({ integration: await keepTheirs(context, params.projectId, params.provider) }),
});

export * from '#lib/http/other-methods.ts';
