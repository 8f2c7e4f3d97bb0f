import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { AuditEventListWire, AuditQuery } from '#lib/contract/audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { decodeCursor, encodeCursor } from '#lib/paging/cursor.ts';
import { findRecords } from './find-records.ts';
import { recordOf } from './record.ts';

/** Who did what, newest first: of one project, or of all the actor may see. Throws not_found for an unknown project. */
export async function listAuditEvents(context: Context, { limit, cursor, ...filter }: AuditQuery, projectId?: string): Promise<AuditEventListWire> {
  if (projectId !== undefined && !(await db.project.findFirst({ where: { AND: [visibleProjects(context), { id: projectId }] }, select: { id: true } })))
    throw notFound('project');
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rows = await findRecords(context, { ...filter, ...(projectId !== undefined && { project: projectId }) }, { after, take: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    audit_events: page.map(recordOf),
    ...(rows.length > limit && last && { next_cursor: encodeCursor({ createdAt: last.created_at, seq: last.seq }) }),
  };
}
