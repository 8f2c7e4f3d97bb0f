import { recordAudit } from '#lib/audit/record-audit.ts';
import type { CreateWebhookEndpointBody, WebhookEndpointWithSecret } from '#lib/contract/webhook.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { privateAddressWarning } from '#lib/outbound/private-address-warning.ts';
import { receiverOf, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { rulesOf } from './dialects/rules-of.ts';
import { generateSecret, sealSecret } from './endpoint-secret.ts';
import { endpointFacts, recordEndpointChanged } from './endpoints.ts';
import { endpointToWire } from './to-wire.ts';

/** Adds a webhook endpoint. Its signing secret is in this answer and, sealed, in the store; Slack has none. */
export async function createWebhookEndpoint(context: Context, body: CreateWebhookEndpointBody): Promise<WebhookEndpointWithSecret> {
  const { url, dialect = 'standard', event_types: eventTypes = ['*'], description = null } = body;
  const secret = rulesOf(dialect).signing === 'none' ? null : generateSecret();
  const key = { id: newId('whe'), organizationId: context.organizationId, secretVersion: 1 };
  const secretSealed = secret && (await sealSecret(key, secret));
  const { row, told } = await db.$transaction(async (tx) => {
    // Before it stands: it is not told of itself.
    const messages = await recordEndpointChanged(tx, context, 'vector.webhook.created', { id: key.id, url });
    const created = await tx.webhookEndpoint.create({
      data: {
        ...key,
        dialect,
        url,
        receiver: receiverOf(url),
        description,
        eventTypes: [...new Set(eventTypes)],
        ...(secretSealed && { secretSealed, secretCreatedAt: storeTime() }),
      },
    });
    await recordAudit(tx, context, { action: 'webhook.created', metadata: { ...endpointFacts(created), dialect, event_types: created.eventTypes } });
    return { row: created, told: messages };
  });
  await wakeDeliveries(told);
  const warning = await privateAddressWarning(url);
  return { webhook_endpoint: endpointToWire(row), plaintext_secret: secret?.reveal() ?? null, ...(warning && { warning }) };
}
