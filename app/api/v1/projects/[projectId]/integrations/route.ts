import { projectParams } from '#lib/contract/common.ts';
import { integrationList } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { listIntegrations } from '#lib/integrations/list-integrations.ts';

export const GET = defineRoute({
  access: 'integrations.read',
  params: projectParams,
  answer: integrationList,
  handle: async (context, { params }) => ({ integrations: await listIntegrations(context, params.projectId) }),
});

export * from '#lib/http/other-methods.ts';
