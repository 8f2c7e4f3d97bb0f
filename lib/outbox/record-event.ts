import type { Prisma } from '#generated/prisma/client.ts';
import type { Tx } from '#lib/db.ts';
import type { EventType } from '#lib/http/wire/webhook.ts';
import { newId } from '#lib/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { addDeliveries } from './add-deliveries.ts';

export interface NewEvent {
  organizationId: string;
  projectId: string;
  type: EventType;
  /** Never a credential. */
  data: Prisma.InputJsonObject;
}

/** What an endpoint may have asked for to be told of a type: itself, `*`, and `a.*` for `a.b`. */
const patternsOf = (type: EventType): string[] => ['*', type.replace(/[^.]+$/, '*'), type];

/**
 * Writes an event, and a delivery for each active endpoint that asked for its type, inside the transaction that makes
 * it true: told if and only if that commits. Answers what wakes a worker afterwards; unsaid, the sweep finds it.
 */
export async function recordEvent(tx: Tx, { organizationId, projectId, type, data }: NewEvent): Promise<Message<'webhook.deliver'>[]> {
  const id = newId('evt');
  // The lock keeps an endpoint from being deleted before its delivery stands: that would undo what the event tells of.
  const endpoints = await tx.$queryRaw<{ id: string; url: string }[]>`
    WITH event AS (
      INSERT INTO events (id, organization_id, project_id, type, data)
      VALUES (${id}, ${organizationId}, ${projectId}, ${type}, ${JSON.stringify(data)}::jsonb))
    SELECT id, url FROM webhook_endpoints
    WHERE organization_id = ${organizationId} AND is_active AND event_types && ${patternsOf(type)}::text[]
    FOR KEY SHARE`;
  return addDeliveries(tx, { id, organizationId }, endpoints);
}
