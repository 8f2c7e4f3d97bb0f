import { policyPreview, policyPreviewBody } from '#lib/contract/policy.ts';
import { defineRoute } from '#lib/http/define-route.ts';
import { previewPolicy } from '#lib/policies/preview-policy.ts';

export const POST = defineRoute({
  access: 'policies.read',
  body: policyPreviewBody,
  answer: policyPreview,
  handle: (context, { body }) => previewPolicy(context, body),
});

export * from '#lib/http/other-methods.ts';
