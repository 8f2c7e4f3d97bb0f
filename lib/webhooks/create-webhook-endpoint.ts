import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { CreateWebhookEndpointBody, WebhookEndpointWithSecret } from '#lib/http/wire/webhook.ts';
import { newId } from '#lib/ids.ts';
import { generateSecret, sealSecret } from './endpoint-secret.ts';
import { endpointFacts } from './lock-endpoint.ts';
import { endpointToWire } from './to-wire.ts';

/** Adds a webhook endpoint. Its signing secret is in this answer and, sealed, in the store. */
export async function createWebhookEndpoint(context: Context, body: CreateWebhookEndpointBody): Promise<WebhookEndpointWithSecret> {
  const secret = generateSecret();
  const key = { id: newId('whe'), organizationId: context.organizationId, secretVersion: 1 };
  const row = await db.$transaction(async (tx) => {
    const created = await tx.webhookEndpoint.create({
      data: {
        ...key,
        url: body.url,
        description: body.description ?? null,
        eventTypes: [...new Set(body.event_types)],
        secretSealed: sealSecret(key, secret),
      },
    });
    await recordAudit(tx, context, { action: 'webhook.created', metadata: { ...endpointFacts(created), event_types: created.eventTypes } });
    return created;
  });
  return { webhook_endpoint: endpointToWire(row), plaintext_secret: secret.reveal() };
}
