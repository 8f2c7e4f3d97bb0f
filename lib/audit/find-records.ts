import { Prisma } from '#generated/prisma/client.ts';
import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { AuditFilter } from '#lib/contract/audit.ts';
import { ATTENTION_ACTIONS } from '#lib/contract/audit-actions.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import type { Position } from '#lib/paging/cursor.ts';
import { escapeLike } from '#lib/paging/escape-like.ts';
import type { AuditRow } from './record.ts';

const ACTOR_ID = /^(usr|key)_[1-9A-HJ-NP-Za-km-z]{16}$/;

function conditions({ action, actor, project, outcome, from, to, q }: AuditFilter): Prisma.Sql[] {
  const all: Prisma.Sql[] = [];
  if (action) all.push(Prisma.sql`action = ${action}`);
  if (actor) all.push(ACTOR_ID.test(actor) ? Prisma.sql`actor_id = ${actor}` : Prisma.sql`actor_name = ${actor}`);
  if (project) all.push(Prisma.sql`project_id = ${project}`);
  if (outcome === 'needs_attention')
    all.push(
      // Earlier versions recorded a prompt for the password as a refusal.
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

/** The query of one page, newest first: what the actor may see, after a position. Records never go back in time, so their time and number order alike. */
export function recordsQuery(context: Context, filter: AuditFilter, { after, take }: { after?: Position | undefined; take: number }): Prisma.Sql {
  const reachable = reachableProjects(context);
  const where = [Prisma.sql`organization_id = ${context.organizationId}`, ...conditions(filter)];
  if (reachable !== null) where.push(Prisma.sql`project_id = ANY(${reachable})`);
  if (after) where.push(Prisma.sql`(created_at, seq) < (${after.createdAt}::timestamptz, ${after.seq}::int)`);
  return Prisma.sql`SELECT * FROM audit_events WHERE ${Prisma.join(where, ' AND ')} ORDER BY created_at DESC, seq DESC LIMIT ${take}`;
}

export const findRecords = (...query: Parameters<typeof recordsQuery>): Promise<AuditRow[]> => db.$queryRaw<AuditRow[]>(recordsQuery(...query));
