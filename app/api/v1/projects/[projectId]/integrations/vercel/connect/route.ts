import { projectParams } from '#lib/contract/common.ts';
import { connectVercelBody, integrationWithJob } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { connectIntegration } from '#lib/integrations/connect-integration.ts';

export const POST = defineRoute({
  access: 'integrations.manage',
  params: projectParams,
  body: connectVercelBody,
  answer: integrationWithJob,
  status: 201,
  handle: (context, { params, body: { token, vercel_project_id: externalId, team_id: accountId = null, ...settings } }) =>
    connectIntegration(context, params.projectId, { provider: 'vercel', token, externalId, accountId, placeField: 'vercel_project_id', settings }),
});

export * from '#lib/http/other-methods.ts';
