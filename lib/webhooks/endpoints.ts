import type { Prisma, WebhookEndpoint } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ListQuery } from '#lib/contract/common.ts';
import type { EventType, UpdateWebhookEndpointBody, WebhookEndpointListWire, WebhookEndpointWire, WebhookEndpointWithSecret } from '#lib/contract/webhook.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { privateAddressWarning } from '#lib/outbound/private-address-warning.ts';
import { receiverOf, recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { inOrder } from '#lib/paging/cursor.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { rulesOf } from './dialects/rules-of.ts';
import { generateSecret, liveFormerVersion, sealSecret } from './endpoint-secret.ts';
import { endpointToWire } from './to-wire.ts';

/** The organization's endpoint, locked until the transaction ends. Throws not_found. */
export async function lockEndpoint(tx: Tx, { organizationId }: Context, endpointId: string): Promise<WebhookEndpoint> {
  await tx.$queryRaw`SELECT FROM webhook_endpoints WHERE id = ${endpointId} AND organization_id = ${organizationId} FOR NO KEY UPDATE`;
  const endpoint = await tx.webhookEndpoint.findFirst({ where: { id: endpointId, organizationId } });
  if (!endpoint) throw notFound('webhook endpoint');
  return endpoint;
}

/** Throws conflict where an endpoint is disabled. */
export function refuseDisabled({ isActive }: WebhookEndpoint): void {
  if (!isActive) throw new DomainError('conflict', 'The endpoint is disabled: nothing was sent. Make it active, then try again.');
}

/** What the audit log tells of an endpoint. Of its URL the host alone: the rest may be a secret of the receiver's. */
export const endpointFacts = ({ id, url }: { id: string; url: string }) => ({ webhook_endpoint_id: id, host: new URL(url).host });

/** Writes the event of a change to an endpoint, within its transaction. Answers what wakes a worker once that has committed. */
export const recordEndpointChanged = (
  tx: Tx,
  { organizationId, actor }: Pick<Context, 'organizationId' | 'actor'>,
  type: Extract<EventType, `vector.webhook.${string}`>,
  endpoint: { id: string; url: string },
  more: Prisma.InputJsonObject = {},
): Promise<Message<'webhook.deliver'>[]> =>
  recordEvent(tx, { organizationId, projectId: null, type, data: { ...endpointFacts(endpoint), ...more, requested_by: actor.name } });

/** What was found out of a receiver says nothing of another one, nor of one that a person trusts again. */
const FORGET_FAILURES = { failingSince: null } satisfies Prisma.WebhookEndpointUpdateInput;

function changesOf({ url, description, event_types, is_active }: UpdateWebhookEndpointBody): Prisma.WebhookEndpointUpdateInput {
  return {
    ...(url !== undefined && { url, receiver: receiverOf(url), ...FORGET_FAILURES }),
    ...(description !== undefined && { description }),
    ...(event_types !== undefined && { eventTypes: [...new Set(event_types)] }),
    ...(is_active === true && { isActive: true, disabledAt: null, disabledReason: null, ...FORGET_FAILURES }),
    ...(is_active === false && { isActive: false, disabledAt: storeTime(), disabledReason: null }),
  };
}

/** Changes what is named. What waits for the endpoint goes to the new URL; made active again, it is told what it has missed. Throws not_found. */
export async function updateWebhookEndpoint(
  context: Context,
  endpointId: string,
  body: UpdateWebhookEndpointBody,
): Promise<{ webhook_endpoint: WebhookEndpointWire; warning?: string }> {
  const { row, told } = await db.$transaction(async (tx) => {
    await lockEndpoint(tx, context, endpointId);
    const updated = await tx.webhookEndpoint.update({ where: { id: endpointId }, data: changesOf(body) });
    const fields = Object.keys(body);
    await recordAudit(tx, context, { action: 'webhook.updated', metadata: { ...endpointFacts(updated), fields } });
    return { row: updated, told: await recordEndpointChanged(tx, context, 'vector.webhook.updated', updated, { fields, enabled: updated.isActive }) };
  });
  await wakeDeliveries(told);
  const warning = body.url === undefined ? null : await privateAddressWarning(body.url);
  return { webhook_endpoint: endpointToWire(row), ...(warning && { warning }) };
}

/** Deletes an endpoint and its deliveries, those that wait too. Throws not_found. */
export async function deleteWebhookEndpoint(context: Context, endpointId: string): Promise<void> {
  const told = await db.$transaction(async (tx) => {
    // Telling locks the other endpoints: two that delete one another's would wait for ever.
    await tx.$queryRaw`SELECT FROM organizations WHERE id = ${context.organizationId} FOR NO KEY UPDATE`;
    const endpoint = await lockEndpoint(tx, context, endpointId);
    await tx.webhookEndpoint.delete({ where: { id: endpointId } });
    await recordAudit(tx, context, { action: 'webhook.deleted', metadata: endpointFacts(endpoint) });
    return recordEndpointChanged(tx, context, 'vector.webhook.deleted', endpoint);
  });
  await wakeDeliveries(told);
}

/** How long the former secret counts beside the new one: 24 h. */
const OVERLAP_MS = 86_400_000;

/**
 * Gives an endpoint a new signing secret, which is in this answer alone. The former one counts too for 24 h; where
 * receivers read one signature, it signs until the receiver accepts the new one. Throws not_found, and conflict where
 * nothing is signed.
 */
export async function rotateEndpointSecret(context: Context, endpointId: string): Promise<WebhookEndpointWithSecret> {
  const secret = generateSecret();
  const row = await db.$transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, context, endpointId);
    const { signing } = rulesOf(endpoint.dialect);
    if (signing === 'none')
      throw new DomainError('conflict', 'Messages to Slack are not signed: there is no secret to rotate. Make a new webhook in Slack and change the URL.');
    const secretVersion = endpoint.secretVersion + 1;
    const now = storeTime();
    // Rotated twice before the receiver has changed over: what it has is still the one before.
    const former = liveFormerVersion(endpoint, now);
    const isFormerKept = signing === 'one' && former !== null && endpoint.acknowledgedVersion !== endpoint.secretVersion;
    const updated = await tx.webhookEndpoint.update({
      where: { id: endpointId },
      data: {
        secretVersion,
        secretSealed: await sealSecret({ ...endpoint, secretVersion }, secret),
        secretCreatedAt: now,
        ...(!isFormerKept && { formerSecretSealed: endpoint.secretSealed, formerVersion: endpoint.secretVersion }),
        ...(isFormerKept && { formerVersion: former }),
        formerUntil: new Date(now.getTime() + OVERLAP_MS),
      },
    });
    await recordAudit(tx, context, { action: 'webhook.secret_rotated', metadata: endpointFacts(endpoint) });
    return updated;
  });
  return { webhook_endpoint: endpointToWire(row), plaintext_secret: secret.reveal() };
}

/** Of one endpoint's many deliveries, the one that tells when it answered last. */
const LAST_DELIVERED = { where: { state: 'delivered' }, orderBy: { createdAt: 'desc' }, take: 1, select: { deliveredAt: true } } as const;

/** The organization's webhook endpoints, newest first, disabled ones too; all of them, or a page. */
export async function listWebhookEndpoints({ organizationId }: Context, query: ListQuery = {}): Promise<WebhookEndpointListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const found = await db.webhookEndpoint.findMany({ where: { organizationId, ...where }, select: { id: true, createdAt: true }, ...page });
  const { rows, next } = cutPage(found, query, ({ id }) => id);
  const ids = rows.map(({ id }) => id);
  const loaded = await db.webhookEndpoint.findMany({ where: { id: { in: ids } }, include: { deliveries: LAST_DELIVERED } });
  return { webhook_endpoints: inOrder(ids, loaded).map((row) => endpointToWire(row, row.deliveries[0]?.deliveredAt)), ...next };
}
