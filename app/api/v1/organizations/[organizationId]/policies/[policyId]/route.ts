import { policyAnswer, policyParams, updatePolicyBody } from '#lib/contract/policy.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { deletePolicy } from '#lib/policies/delete-policy.ts';
import { getPolicy } from '#lib/policies/policies.ts';
import { updatePolicy } from '#lib/policies/update-policy.ts';

export const GET = defineRoute({
  access: 'policies.read',
  params: policyParams,
  answer: policyAnswer,
  handle: async (context, { params }) => ({ policy: await getPolicy(context, params.policyId) }),
});

export const PATCH = defineRoute({
  access: 'policies.manage',
  params: policyParams,
  body: updatePolicyBody,
  answer: policyAnswer,
  handle: async (context, { params, body }) => ({ policy: await updatePolicy(context, params.policyId, body) }),
});

export const DELETE = defineRoute({
  access: 'policies.manage',
  params: policyParams,
  answer: null,
  handle: (context, { params }) => deletePolicy(context, params.policyId),
});

export * from '#lib/http/other-methods.ts';
