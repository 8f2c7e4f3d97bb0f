import type { AuditEvent, Prisma } from '#generated/prisma/client.ts';
import type { VectorEventQuery, VectorEventWire } from '#lib/http/wire/vector/account.ts';
import { AUDIT_ACTIONS } from './actions.ts';

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
export function auditEventToVector(row: AuditEvent): VectorEventWire {
  const resource = resourceOf(row);
  return {
    id: row.id,
    event: vectorNameOf(row.action),
    type: resource.type,
    model_type: resource.type,
    model_id: resource.id,
    actor: {
      type: row.actorKind,
      id: row.actorId,
      name: row.actorName,
      ip: row.address,
      token_name: row.actorKind === 'api_key' ? row.actorName : null,
    },
    resource,
    metadata: row.metadata as Record<string, unknown>,
    occurred_at: row.createdAt.toISOString(),
  };
}

/** The dialect's filters in our words. A name that nothing has finds nothing. */
export function whereVector({ event, type, resource_type, resource_id, from, to }: VectorEventQuery): Prisma.AuditEventWhereInput {
  const types = [type, resource_type].filter((one) => one !== undefined);
  const actions = AUDIT_ACTIONS.filter((action) => (event === undefined || vectorNameOf(action) === event) && types.every((one) => typeOf(action) === one));
  return {
    ...((event !== undefined || types.length > 0) && { action: { in: actions } }),
    ...(resource_id !== undefined && {
      OR: [{ projectId: resource_id }, ...ID_FIELDS.map((field) => ({ metadata: { path: [field], equals: resource_id } }))],
    }),
    ...((from !== undefined || to !== undefined) && { createdAt: { ...(from !== undefined && { gte: from }), ...(to !== undefined && { lt: to }) } }),
  };
}
