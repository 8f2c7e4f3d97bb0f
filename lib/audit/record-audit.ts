import type { Prisma } from '#generated/prisma/client.ts';
import type { AuditOutcome } from '#generated/prisma/enums.ts';
import { type AuditAction, outcomeOf } from '#lib/contract/audit-actions.ts';
import type { Actor, Context } from '#lib/kernel/context.ts';
import { atTheEnd, type Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { openChain } from './chain-key.ts';
import { noteWritten } from './last-written.ts';
import { type AuditRecord, hmacOf } from './record.ts';

export interface AuditEntry {
  action: AuditAction;
  projectId?: string;
  /** What it was done to, where the metadata and the project do not tell. */
  target?: { type: string; id?: string; name?: string };
  /** The action's own where nothing is said. */
  outcome?: AuditOutcome;
  /** Why it was refused or failed, or the reason that was given. Constant text or a person's, never a driver's. */
  reason?: string | undefined;
  metadata?: Prisma.InputJsonObject;
}

type Project = { name: string; database_id: string } | undefined;

interface Head {
  seq: number;
  hmac: string;
  at: Date;
  projects: Record<string, Project> | null;
}

async function lockHead(tx: Tx, organizationId: string, pending: Pending[]): Promise<Head> {
  const ids = pending.map(({ entry }) => entry.projectId).filter((id) => id !== undefined);
  const [head] = await tx.$queryRaw<[Head]>`
    SELECT h.seq, h.hmac, h.at, (
      SELECT json_object_agg(p.id, json_build_object('name', p.name, 'database_id', p.database_id)) FROM projects p
      WHERE p.organization_id = ${organizationId} AND p.id = ANY(${ids})) AS projects
    FROM public.rekey_lock_audit_head(${organizationId}) h`;
  return head;
}

const actorColumns = (actor: Actor) => ({
  actor_id: actor.id,
  actor_kind: actor.kind,
  actor_name: actor.name,
  actor_role: actor.kind === 'user' ? actor.role : null,
  method: actor.kind === 'user' ? ('session' as const) : actor.kind,
  key_id: actor.kind === 'api_key' ? actor.id : null,
  signed_in_at: actor.kind === 'user' ? actor.authenticatedAt.toISOString() : null,
});

/** What the entry says; else the thing of `api_key.created` that `api_key_id` names; else the login, or the project. */
function targetOf({ action, target, projectId, metadata = {} }: AuditEntry, project: Project): AuditEntry['target'] {
  if (target) return target;
  const type = action.slice(0, action.indexOf('.'));
  const { [`${type}_id`]: id = metadata[`${type}_endpoint_id`], name = metadata.host, role_name: login } = metadata;
  if (typeof id === 'string') return { type, id, ...(typeof name === 'string' && { name }) };
  if (projectId === undefined) return undefined;
  if (typeof login === 'string') return { type: 'database', name: login, ...(project && { id: project.database_id }) };
  return { type: 'project', id: projectId, ...(project && { name: project.name }) };
}

type Content = Omit<AuditRecord, 'hmac'>;

interface Pending {
  context: Context;
  entry: AuditEntry;
}

function contentOf(
  { context: { organizationId, actor, origin }, entry }: Pending,
  place: Pick<Content, 'seq' | 'created_at' | 'previous_hmac'>,
  project: Project,
): Content {
  const target = targetOf(entry, project);
  return {
    ...place,
    id: newId('aud'),
    organization_id: organizationId,
    action: entry.action,
    outcome: entry.outcome ?? outcomeOf(entry.action),
    reason: entry.reason ?? null,
    ...actorColumns(actor),
    address: origin.address ?? null,
    user_agent: origin.userAgent ?? null,
    request_id: origin.requestId ?? null,
    project_id: entry.projectId ?? null,
    // A project that goes in this transaction is gone already; what says so names it.
    project_name: project?.name ?? (target?.type === 'project' ? (target.name ?? null) : null),
    target_type: target?.type ?? null,
    target_id: target?.id ?? null,
    target_name: target?.name ?? null,
    metadata: JSON.parse(JSON.stringify(entry.metadata ?? {})) as Record<string, unknown>,
  };
}

/** Adds the records of one transaction to one organization's chain. Returns what to do once they are committed. */
async function append(tx: Tx, organizationId: string, pending: Pending[]): Promise<() => void> {
  const { mac, sealOf } = await openChain(tx, organizationId);
  const head = await lockHead(tx, organizationId, pending);
  const created_at = head.at.toISOString();
  const records: AuditRecord[] = [];
  for (const one of pending) {
    const place = { seq: head.seq + records.length + 1, created_at, previous_hmac: records.at(-1)?.hmac ?? head.hmac };
    const content = contentOf(one, place, head.projects?.[one.entry.projectId ?? '']);
    records.push({ ...content, hmac: hmacOf(content, mac) });
  }
  const { seq, hmac } = records.at(-1) ?? head;
  const sealed = `${hmac} ${sealOf({ kind: 'head', seq, hmac })}`;
  // The trigger takes the seal from the setting, so it needs no statement of its own.
  await tx.$executeRaw`
    INSERT INTO public.audit_events SELECT * FROM jsonb_populate_recordset(NULL::public.audit_events, ${JSON.stringify(records)}::jsonb)
    WHERE set_config('rekey.audit_seal', ${sealed}, true) IS NOT NULL`;
  return () => noteWritten(organizationId, { seq, hmac });
}

/**
 * Writes who did what, as the next record of the organization's chain, in the transaction of the act: where this cannot
 * be written the act does not happen. It is written when the transaction ends, for it holds the end of the chain from
 * then on: whoever took another lock after it might wait for somebody who waits for it.
 * Throws outside a transaction.
 */
export async function recordAudit(tx: Tx, context: Context, entry: AuditEntry): Promise<void> {
  const { organizationId } = context;
  atTheEnd<Pending>(tx, `audit ${organizationId}`, { context, entry }, (pending) => append(tx, organizationId, pending));
}
