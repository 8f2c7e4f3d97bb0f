import { reachableProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { type Page, rowsOf } from '#lib/http/vector/page.ts';
import type { VectorEventQuery, VectorEventWire } from '#lib/http/wire/vector/account.ts';
import { auditEventToVector, whereVector } from './vector-events.ts';

/** A page of the audit log, newest first, as the sites dialect tells it: all that the actor may see. */
export async function pageVectorEvents(context: Context, query: VectorEventQuery): Promise<Page<VectorEventWire>> {
  const reachable = reachableProjects(context);
  const where = { AND: [{ organizationId: context.organizationId, ...(reachable !== null && { projectId: { in: [...reachable] } }) }, whereVector(query)] };
  const [rows, total] = await Promise.all([
    db.auditEvent.findMany({ where, orderBy: [{ createdAt: 'desc' }, { seq: 'desc' }], ...rowsOf(query) }),
    db.auditEvent.count({ where }),
  ]);
  return { items: rows.map(auditEventToVector), total };
}
