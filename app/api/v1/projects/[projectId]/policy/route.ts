import { projectParams } from '#lib/contract/common.ts';
import { projectPolicyAnswer, setProjectPolicyBody } from '#lib/contract/policy.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { getProjectPolicy, setProjectPolicy } from '#lib/policies/project-policy.ts';

export const GET = defineRoute({
  access: 'projects.read',
  params: projectParams,
  answer: projectPolicyAnswer,
  handle: (context, { params }) => getProjectPolicy(context, params.projectId),
});

export const PUT = defineRoute({
  access: 'projects.change',
  params: projectParams,
  body: setProjectPolicyBody,
  answer: projectPolicyAnswer,
  handle: (context, { params, body }) => setProjectPolicy(context, params.projectId, body),
});

export * from '#lib/http/other-methods.ts';
