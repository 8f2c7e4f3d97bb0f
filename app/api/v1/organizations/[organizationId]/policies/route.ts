import { createPolicyBody, policyAnswer, policyList } from '#lib/contract/policy.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { createPolicy } from '#lib/policies/create-policy.ts';
import { listPolicies } from '#lib/policies/policies.ts';

export const GET = defineRoute({
  access: 'policies.read',
  answer: policyList,
  handle: (context) => listPolicies(context),
});

export const POST = defineRoute({
  access: 'policies.manage',
  body: createPolicyBody,
  answer: policyAnswer,
  status: 201,
  handle: async (context, { body }) => ({ policy: await createPolicy(context, body) }),
});

export * from '#lib/http/other-methods.ts';
