import { integrationDeleted, integrationWithOptionalJob, providerParams, updateIntegrationBody } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { disconnectIntegration } from '#lib/integrations/disconnect-integration.ts';
import { updateIntegration } from '#lib/integrations/update-integration.ts';

export const PATCH = defineRoute({
  access: 'integrations.manage',
  params: providerParams,
  body: updateIntegrationBody,
  answer: integrationWithOptionalJob,
  handle: (context, { params, body }) => updateIntegration(context, params.projectId, params.provider, body),
});

export const DELETE = defineRoute({
  access: 'integrations.manage',
  params: providerParams,
  answer: integrationDeleted,
  handle: async (context, { params }) => {
    await disconnectIntegration(context, params.projectId, params.provider);
    return { deleted: true as const };
  },
});

export * from '#lib/http/other-methods.ts';
