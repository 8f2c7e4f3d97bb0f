import type { ApiKey } from '#generated/prisma/client.ts';
import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ApiKeyCreatedWire, RotateApiKeyBody } from '#lib/contract/account.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { checkScopesHeld } from './check-scopes-held.ts';
import { generateKey, hashKey, keyPrefix } from './key-format.ts';
import { apiKeyToWire } from './to-wire.ts';

const HOUR_MS = 3_600_000;

/**
 * Makes a key that may the same and lasts as long as the former one was given. The former one goes on working for
 * `overlap_hours`, or to its own end if that is sooner. The new key is in this answer and nowhere else.
 * @throws {DomainError} not_found, forbidden for a scope that the caller does not have, conflict where the key has ended or was rotated before
 */
export async function rotateApiKey(context: Context, keyId: string, { overlap_hours: hours }: RotateApiKeyBody): Promise<ApiKeyCreatedWire> {
  const { organizationId, actor } = context;
  const key = generateKey();
  const { row, told } = await db.$transaction(async (tx) => {
    const createdByUserId = await lockActor(tx, context);
    const former = await lockKey(tx, context, keyId);
    checkScopesHeld(context, former.scopes);
    const now = storeTime();
    refuseEnded(former, now);
    const { projectId, name, scopes, createdAt, expiresAt } = former;
    const made = await tx.apiKey.create({
      data: {
        id: newId('key'),
        organizationId,
        projectId,
        name,
        keyPrefix: keyPrefix(key),
        keyHash: hashKey(key),
        scopes,
        source: actor.kind === 'user' ? 'dashboard' : 'api',
        deviceName: former.deviceName,
        createdByUserId,
        createdAt: now,
        expiresAt: expiresAt && new Date(now.getTime() + expiresAt.getTime() - createdAt.getTime()),
      },
    });
    const endsAt = new Date(Math.min(now.getTime() + hours * HOUR_MS, expiresAt?.getTime() ?? Number.POSITIVE_INFINITY));
    await tx.apiKey.update({ where: { id: keyId }, data: { replacedById: made.id, expiresAt: endsAt } });
    await recordAudit(tx, context, {
      action: 'api_key.rotated',
      ...(projectId !== null && { projectId }),
      metadata: { api_key_id: keyId, name, new_api_key_id: made.id, former_ends_at: endsAt.toISOString() },
    });
    const data = { api_key_id: made.id, name, requested_by: actor.name };
    return { row: made, told: await recordEvent(tx, { organizationId, projectId, type: 'vector.api-key.created', data }) };
  });
  await wakeDeliveries(told);
  return { api_key: apiKeyToWire(row), plaintext_api_key: key };
}

async function lockKey(tx: Tx, { organizationId }: Context, keyId: string): Promise<ApiKey> {
  await tx.$queryRaw`SELECT FROM api_keys WHERE id = ${keyId} AND organization_id = ${organizationId} FOR NO KEY UPDATE`;
  const key = await tx.apiKey.findFirst({ where: { id: keyId, organizationId } });
  if (!key) throw notFound('API key');
  return key;
}

function refuseEnded({ revokedAt, expiresAt, replacedById }: ApiKey, now: Date): void {
  if (revokedAt) throw new DomainError('conflict', 'This API key was revoked: there is nothing to rotate. Create another one.');
  if (replacedById) throw new DomainError('conflict', 'This API key was rotated before. Nothing was changed. Rotate the key that took its place.');
  if (expiresAt && expiresAt <= now) throw new DomainError('conflict', 'This API key has expired: there is nothing to rotate. Create another one.');
}
