import { describeVerification, verifyNow } from '#lib/audit/verify.ts';
import { auditVerificationAnswer, verifyAuditBody } from '#lib/contract/audit.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'audit.verify',
  answer: auditVerificationAnswer,
  handle: async (context) => ({ verification: await describeVerification(context) }),
});

export const POST = defineRoute({
  access: 'audit.verify',
  body: verifyAuditBody,
  answer: auditVerificationAnswer,
  handle: async (context, { body }) => ({ verification: await verifyNow(context, body) }),
});

export * from '#lib/http/other-methods.ts';
