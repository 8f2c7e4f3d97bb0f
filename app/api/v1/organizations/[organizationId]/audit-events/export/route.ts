import { exportAuditEvents } from '#lib/audit/export-audit-events.ts';
import { answerAuthorized } from '#lib/http/define-route.ts';
import { fileResponse } from '#lib/http/file-response.ts';
import { exportAuditQuery } from '#lib/http/wire/audit.ts';

export const GET = answerAuthorized({ access: 'audit.read', query: exportAuditQuery }, async (context, { query }) =>
  fileResponse(await exportAuditEvents(context, query), 'audit-log', query.format),
);

export * from '#lib/http/other-methods.ts';
