import type { Dialect } from '#lib/contract/webhook.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import type { Message } from '#lib/queue/jobs.ts';
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
