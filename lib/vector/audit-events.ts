import { type AuditEvent, Prisma } from '#generated/prisma/client.ts';
import { reachableProjects } from '#lib/access/visible-projects.ts';
import { AUDIT_ACTIONS } from '#lib/contract/audit-actions.ts';
import type { VectorEventQuery, VectorEventWire } from '#lib/contract/vector/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { ask, db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';

/** Where the sites dialect has another word than ours. */
const NAMES: Record<string, string> = { 'api_key.revoked': 'api-key.deleted', 'site.adopted': 'site.created', 'site.forgotten': 'site.deleted' };

/** `api_key.created` is `vector.api-key.created` there. */
export const vectorNameOf = (action: string): string => `vector.${NAMES[action] ?? action.replaceAll('_', '-')}`;

const typeOf = (action: string): string => vectorNameOf(action).split('.')[1] ?? '';
/** The field of the metadata that names what was acted upon: `api_key_id` of `api_key.created`. */
const idField = (action: string): string => `${action.slice(0, action.indexOf('.'))}_id`;
const ID_FIELDS = [...new Set(AUDIT_ACTIONS.map(idField))];

function resourceOf({ action, metadata, projectId }: AuditEvent): { type: string; id: string | null } {
  const named = (metadata as Record<string, unknown>)[idField(action)];
  return { type: typeOf(action), id: typeof named === 'string' ? named : projectId };
}

/** An audit event as the sites dialect tells it. */
function auditEventToVector(row: AuditEvent): VectorEventWire {
  const resource = resourceOf(row);
  return {
    id: row.id,
    event: vectorNameOf(row.action),
    type: vectorNameOf(row.action),
    model_type: resource.type,
    model_id: resource.id,
    actor: {
      type: row.actorKind,
      id: row.actorId,
      name: row.actorName,
      ip: row.address ?? '',
      token_name: row.actorName,
    },
    resource,
    metadata: row.metadata as Record<string, unknown>,
    context: row.metadata as Record<string, unknown>,
    occurred_at: row.createdAt.toISOString(),
    created_at: row.createdAt.toISOString(),
  };
}

const DAY_MS = 86_400_000;
/** The first moment past an inclusive end: a date means its whole day, and stored times have no more than milliseconds. */
const pastOf = (to: string): Date => new Date(new Date(to).getTime() + (/^\d{4}-\d{2}-\d{2}$/.test(to) ? DAY_MS : 1));

/** Whether one of the names, given with commas between them, is the event's or its type of resource. */
const isNamed = (given: string | undefined, ...names: string[]): boolean => given === undefined || given.split(',').some((name) => names.includes(name.trim()));

/** The dialect's filters in our words. A name that nothing has finds nothing. */
function whereVector({ event, type, resource_type, resource_id, from, to }: VectorEventQuery): Prisma.AuditEventWhereInput {
  const actions = AUDIT_ACTIONS.filter(
    (action) => isNamed(event, vectorNameOf(action)) && isNamed(type, vectorNameOf(action), typeOf(action)) && isNamed(resource_type, typeOf(action)),
  );
  return {
    ...(actions.length < AUDIT_ACTIONS.length && { action: { in: actions } }),
    ...(resource_id !== undefined && {
      OR: [{ projectId: resource_id }, ...ID_FIELDS.map((field) => ({ metadata: { path: [field], equals: resource_id } }))],
    }),
    ...((from !== undefined || to !== undefined) && {
      createdAt: { ...(from !== undefined && { gte: new Date(from) }), ...(to !== undefined && { lt: pastOf(to) }) },
    }),
  };
}

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
