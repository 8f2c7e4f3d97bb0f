import { listAuditEvents } from '#lib/audit/read-events.ts';
import { auditEventList, auditQuery } from '#lib/contract/audit.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'audit.read',
  query: auditQuery,
  answer: auditEventList,
  handle: (context, { query }) => listAuditEvents(context, query),
});

export * from '#lib/http/other-methods.ts';
