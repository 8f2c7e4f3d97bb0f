import { Prisma } from '#generated/prisma/client.ts';
import type { Dialect } from '#lib/contract/webhook.ts';
import { ask } from '#lib/kernel/db.ts';
import type { ClaimedDelivery } from '#lib/outbox/claim-deliveries.ts';
import type { ToldEvent } from './dialects/dialect.ts';
import type { SealedSecrets } from './endpoint-secret.ts';

export interface ToldEndpoint extends SealedSecrets {
  dialect: Dialect;
  url: string;
  failingSince: Date | null;
}

export interface LoadedDelivery extends ClaimedDelivery {
  event: ToldEvent;
  endpoint: ToldEndpoint;
}

/** What claimed deliveries are to tell, and whom: each event and endpoint read once. Without those deleted at this very moment. */
export async function loadClaimed(claimed: ClaimedDelivery[]): Promise<LoadedDelivery[]> {
  const eventIds = [...new Set(claimed.map(({ eventId }) => eventId))];
  const endpointIds = [...new Set(claimed.map(({ endpointId }) => endpointId))];
  const [events, endpoints] = await Promise.all([
    ask<ToldEvent>(Prisma.sql`
      SELECT id, organization_id AS "organizationId", project_id AS "projectId", project_name AS "projectName", type, data, created_at AS "createdAt"
      FROM events WHERE id = ANY(${eventIds}::text[])`),
    ask<ToldEndpoint>(Prisma.sql`
      SELECT id, organization_id AS "organizationId", dialect::text, url, secret_version AS "secretVersion", secret_sealed AS "secretSealed",
        former_secret_sealed AS "formerSecretSealed", former_version AS "formerVersion", former_until AS "formerUntil",
        acknowledged_version AS "acknowledgedVersion", failing_since AS "failingSince"
      FROM webhook_endpoints WHERE id = ANY(${endpointIds}::text[])`),
  ]);
  const eventById = new Map(events.map((event) => [event.id, event]));
  const endpointById = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  return claimed.flatMap((delivery) => {
    const [event, endpoint] = [eventById.get(delivery.eventId), endpointById.get(delivery.endpointId)];
    return event && endpoint ? [{ ...delivery, event, endpoint }] : [];
  });
}
