import { listAuditEvents } from '#lib/audit/read-events.ts';
import { auditEventList, auditQuery } from '#lib/contract/audit.ts';
import { projectParams } from '#lib/contract/common.ts';
import { defineRoute } from '#lib/http/define-route.ts';

export const GET = defineRoute({
  access: 'audit.read',
  params: projectParams,
  query: auditQuery,
  answer: auditEventList,
  handle: (context, { params, query }) => listAuditEvents(context, query, params.projectId),
});

export * from '#lib/http/other-methods.ts';
