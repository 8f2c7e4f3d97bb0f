import { projectParams } from '#lib/contract/common.ts';
import { connectGithubBody, integrationWithJob } from '#lib/contract/integration.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { connectIntegration } from '#lib/integrations/connect-integration.ts';

export const POST = defineRoute({
  access: 'integrations.manage',
  params: projectParams,
  body: connectGithubBody,
  answer: integrationWithJob,
  status: 201,
  handle: (context, { params, body: { token, repository: externalId, ...settings } }) =>
    connectIntegration(context, params.projectId, { provider: 'github', token, externalId, accountId: null, placeField: 'repository', settings }),
});

export * from '#lib/http/other-methods.ts';
