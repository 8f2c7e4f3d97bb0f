import type { Prisma } from '#generated/prisma/client.ts';
import { type Dialect, type EventType, patternsOf } from '#lib/contract/webhook.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';
import { addNotices } from './add-notices.ts';
import { maxAttempts } from './retry-schedule.ts';

/** Writes one pending delivery of an event for each endpoint, in one statement; answers what wakes a worker once that has committed. */
export async function addDeliveries(
  tx: Tx,
  event: { id: string; organizationId: string },
  endpoints: { id: string; dialect: Dialect }[],
): Promise<Message<'webhook.deliver'>[]> {
  if (endpoints.length === 0) return [];
  const ids = endpoints.map(() => newId('dlv'));
  await tx.$executeRaw`
    INSERT INTO deliveries (id, organization_id, event_id, endpoint_id, max_attempts)
    SELECT t.id, ${event.organizationId}, ${event.id}, t.endpoint_id, t.max_attempts
    FROM unnest(${ids}::text[], ${endpoints.map(({ id }) => id)}::text[], ${endpoints.map(({ dialect }) => maxAttempts(dialect))}::int[])
      AS t(id, endpoint_id, max_attempts)`;
  return [{ eventId: event.id }];
}

export interface NewEvent {
  organizationId: string;
  /** Null where it concerns no project. */
  projectId: string | null;
  type: EventType;
  /** Never a credential. `requested_by` is the name of who asked for it. */
  data: Prisma.InputJsonObject;
}

/**
 * Writes an event, a delivery for each active endpoint that asked for its type, and a notice for each member who wants to
 * be mailed, inside the transaction that makes it true: told if and only if that commits. Answers what wakes a worker afterwards; unsaid, the sweep finds it.
 */
export async function recordEvent(tx: Tx, { organizationId, projectId, type, data }: NewEvent): Promise<Message<'webhook.deliver'>[]> {
  const id = newId('evt');
  // The lock keeps an endpoint from being deleted before its delivery stands: that would undo what the event tells of.
  const endpoints = await tx.$queryRaw<{ id: string; dialect: Dialect }[]>`
    WITH event AS (
      INSERT INTO events (id, organization_id, project_id, project_name, type, data)
      VALUES (${id}, ${organizationId}, ${projectId}, (SELECT name FROM projects WHERE id = ${projectId} AND organization_id = ${organizationId}),
        ${type}, ${JSON.stringify(data)}::jsonb))
    SELECT id, dialect::text FROM webhook_endpoints
    WHERE organization_id = ${organizationId} AND is_active AND event_types && ${patternsOf(type)}::text[]
    FOR KEY SHARE`;
  await addNotices(tx, { id, organizationId, projectId, type, data });
  return addDeliveries(tx, { id, organizationId }, endpoints);
}

/** Who stands behind a URL: its host and port. What goes to one receiver may wait for it, and for no other. */
export const receiverOf = (url: string): string => new URL(url).host;

/** Wakes a worker after the transaction that wrote deliveries has committed: once, for it looks for all that is due. Never throws. */
export async function wakeDeliveries([first]: Message<'webhook.deliver'>[]): Promise<void> {
  if (first) await wake('webhook.deliver', first);
}
