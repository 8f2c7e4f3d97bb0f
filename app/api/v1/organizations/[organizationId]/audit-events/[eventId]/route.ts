import { getAuditEvent } from '#lib/audit/read-events.ts';
import { auditEventParams, auditRecordAnswer } from '#lib/contract/audit.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'audit.read',
  params: auditEventParams,
  answer: auditRecordAnswer,
  handle: (context, { params }) => getAuditEvent(context, params.eventId),
});

export * from '#lib/http/other-methods.ts';
