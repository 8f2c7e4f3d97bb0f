import { exportAuditEvents } from '#lib/audit/export-audit-events.ts';
import { exportAuditQuery } from '#lib/contract/audit.ts';
import { defineFileRoute } from '#lib/http/define-route.ts';
import { fileResponse } from '#lib/http/file-response.ts';

export const GET = defineFileRoute({
  access: 'audit.read',
  query: exportAuditQuery,
  formats: ['csv', 'jsonl'],
  handle: async (context, { query }) => fileResponse(await exportAuditEvents(context, query), 'audit-log', query.format),
});

export * from '#lib/http/other-methods.ts';
