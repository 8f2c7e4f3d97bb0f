import { Prisma } from '#generated/prisma/client.ts';
import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { VectorEventQuery, VectorEventWire } from '#lib/contract/vector/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { ask, db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';
import { auditEventToVector, whereVector } from './vector-events.ts';

/** A page of the audit log, newest first, as the sites dialect tells it: all that the actor may see. */
export async function pageVectorEvents(context: Context, query: VectorEventQuery): Promise<Page<VectorEventWire>> {
  const reachable = reachableProjects(context);
  const filter = whereVector(query);
  const where = { AND: [{ organizationId: context.organizationId, ...(reachable !== null && { projectId: { in: [...reachable] } }) }, filter] };
  const isWhole = reachable === null && Object.keys(filter).length === 0;
  const [rows, total] = await Promise.all([
    db.auditEvent.findMany({ where, orderBy: [{ createdAt: 'desc' }, { seq: 'desc' }], ...rowsOf(query) }),
    isWhole ? countAll(context.organizationId) : db.auditEvent.count({ where }),
  ]);
  return { items: rows.map(auditEventToVector), total };
}

/** Their numbers follow one another without a gap, so that a log of millions is counted by its ends. */
async function countAll(organizationId: string): Promise<number> {
  const [row] = await ask<{ count: number | null }>(Prisma.sql`
    SELECT (SELECT max(seq) FROM audit_events WHERE organization_id = ${organizationId}) - (SELECT min(seq) FROM audit_events WHERE organization_id = ${organizationId}) + 1 AS count`);
  return row?.count ?? 0;
}
