import { Prisma } from '#generated/prisma/client.ts';
import { reachableProjects, visibleProjects } from '#lib/access/visible-projects.ts';
import type { AuditEventListWire, AuditFilter, AuditQuery, AuditRecordAnswer } from '#lib/contract/audit.ts';
import { ATTENTION_ACTIONS } from '#lib/contract/audit-actions.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { decodeCursor, encodeCursor, escapeLike, type Position } from '#lib/paging/cursor.ts';
import { loadChain } from './chain-key.ts';
import { type AuditRow, isGenuine, recordOf } from './record.ts';
import { describeVerification } from './verify.ts';

const ACTOR_ID = /^(usr|key)_[1-9A-HJ-NP-Za-km-z]{16}$/;

function conditions({ action, actor, project, outcome, from, to, q }: AuditFilter): Prisma.Sql[] {
  const all: Prisma.Sql[] = [];
  if (action) all.push(Prisma.sql`action = ${action}`);
  if (actor) all.push(ACTOR_ID.test(actor) ? Prisma.sql`actor_id = ${actor}` : Prisma.sql`actor_name = ${actor}`);
  if (project) all.push(Prisma.sql`project_id = ${project}`);
  if (outcome === 'needs_attention')
    all.push(
      // Earlier versions recorded a password prompt as a refusal.
      Prisma.sql`(outcome <> 'done' OR action = ANY(${ATTENTION_ACTIONS})) AND NOT (action = 'access.refused' AND metadata->>'code' = 'reauthentication_required')`,
    );
  else if (outcome) all.push(Prisma.sql`outcome = ${outcome}::"AuditOutcome"`);
  if (from) all.push(Prisma.sql`created_at >= ${new Date(from)}::timestamptz`);
  if (to) all.push(Prisma.sql`created_at < ${new Date(to)}::timestamptz`);
  if (q)
    all.push(
      Prisma.sql`rekey_audit_text(action, actor_name, project_name, target_name, address, reason, request_id) LIKE ${`%${escapeLike(q.toLowerCase())}%`}`,
    );
  return all;
}

/** The query for one page after a position, newest first, limited to what the actor may see. Times never decrease, so ordering by time and by number is the same. */
export function recordsQuery(context: Context, filter: AuditFilter, { after, take }: { after?: Position | undefined; take: number }): Prisma.Sql {
  const reachable = reachableProjects(context);
  const where = [Prisma.sql`organization_id = ${context.organizationId}`, ...conditions(filter)];
  if (reachable !== null) where.push(Prisma.sql`project_id = ANY(${reachable})`);
  if (after) where.push(Prisma.sql`(created_at, seq) < (${after.createdAt}::timestamptz, ${after.seq}::int)`);
  return Prisma.sql`SELECT * FROM audit_events WHERE ${Prisma.join(where, ' AND ')} ORDER BY created_at DESC, seq DESC LIMIT ${take}`;
}

export const findRecords = (...query: Parameters<typeof recordsQuery>): Promise<AuditRow[]> => db.$queryRaw<AuditRow[]>(recordsQuery(...query));

/** Returns one event as stored, and whether it is in its place in the chain. Throws not_found. */
export async function getAuditEvent(context: Context, eventId: string): Promise<AuditRecordAnswer> {
  const { organizationId } = context;
  const reachable = reachableProjects(context);
  const rows = await db.$queryRaw<AuditRow[]>`
    SELECT n.* FROM audit_events e JOIN audit_events n ON n.organization_id = e.organization_id AND n.seq BETWEEN e.seq - 1 AND e.seq + 1
    WHERE e.id = ${eventId} AND e.organization_id = ${organizationId}`;
  const record = rows.map(recordOf).find(({ id }) => id === eventId);
  if (!record || !(reachable === null || reachable.includes(record.project_id ?? ''))) throw notFound('audit event');
  const beside = (by: number) => rows.find(({ seq }) => seq === record.seq + by);
  const [previous, next] = [beside(-1), beside(1)];
  const [chain, verification, head, seal] = await Promise.all([
    loadChain(organizationId),
    describeVerification(context),
    db.auditHead.findUnique({ where: { organizationId } }),
    db.auditCheckpoint.findFirst({ where: { organizationId, isSeal: true, seq: record.seq - 1 } }),
  ]);
  const isLinked = record.previous_hmac === (previous?.hmac ?? seal?.hmac ?? '') && record.hmac === (next ? next.previous_hmac : head?.hmac);
  const hasKeys = typeof chain !== 'string';
  const isOlder = hasKeys && record.hmac === '' && record.seq < chain.firstSeq;
  return {
    audit_event: record,
    place: {
      is_in_place: isOlder ? null : isLinked && hasKeys && isGenuine(record, chain.mac),
      // A neighbor may belong to a project that a limited member must not see.
      previous_id: (reachable === null && previous?.id) || null,
      next_id: (reachable === null && next?.id) || null,
      is_checked: record.seq <= verification.through_seq,
    },
    verification,
  };
}

/** Returns audit events, newest first: of one project, or of all projects the actor may see. Throws not_found for an unknown project. */
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
