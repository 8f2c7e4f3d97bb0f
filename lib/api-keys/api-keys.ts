import type { ApiKey } from '#generated/prisma/client.ts';
import { holdsScope } from '#lib/access/authorize.ts';
import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ApiKeyCreatedWire, ApiKeyListWire, ApiKeyWire, CreateApiKeyBody, RotateApiKeyBody } from '#lib/contract/account.ts';
import type { ListQuery } from '#lib/contract/common.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError, invalidField, notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { generateKey, hashKey, keyPrefix } from './key-format.ts';

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

/** An API key as the API shows it: never the key, nor its hash. */
export function apiKeyToWire(row: ApiKey): ApiKeyWire {
  return {
    id: row.id,
    organization_id: row.organizationId,
    project_id: row.projectId,
    name: row.name,
    key_prefix: row.keyPrefix,
    scopes: row.scopes,
    source: row.source,
    device_name: row.deviceName,
    is_active: row.revokedAt === null && (row.expiresAt === null || row.expiresAt > storeTime()),
    created_by_user_id: row.createdByUserId,
    last_used_at: timeOf(row.lastUsedAt),
    last_used_address: row.lastUsedAddress,
    expires_at: timeOf(row.expiresAt),
    revoked_at: timeOf(row.revokedAt),
    revoked_by: row.revokedBy,
    replaced_by_id: row.replacedById,
    created_at: row.createdAt.toISOString(),
  };
}

/** Throws forbidden where a key would get a scope that its maker does not have. */
function checkScopesHeld(context: Context, scopes: readonly string[]): void {
  const missing = scopes.filter((scope) => !holdsScope(context, scope));
  if (missing.length > 0) throw new DomainError('forbidden', `A key cannot have scopes that its creator lacks: ${missing.join(', ')}. Nothing was changed.`);
}

/**
 * Creates an API key. Only this response contains the key itself.
 * @throws {DomainError} validation_failed, forbidden for a scope that the maker does not have
 */
export async function createApiKey(context: Context, body: CreateApiKeyBody): Promise<ApiKeyCreatedWire> {
  const { organizationId, actor } = context;
  const scopes = [...new Set(body.scopes)];
  checkScopesHeld(context, scopes);
  const expiresAt = body.expires_at ? new Date(body.expires_at) : null;
  if (expiresAt && expiresAt <= storeTime()) throw invalidField('expires_at', 'Use a time in the future.');
  const key = generateKey();
  const { row, told } = await db.$transaction(async (tx) => {
    const createdByUserId = await lockActor(tx, context);
    const projectId = body.project_id ?? null;
    if (projectId !== null && !(await tx.project.findFirst({ where: { id: projectId, organizationId }, select: { id: true } }))) {
      throw invalidField('project_id', 'There is no such project.');
    }
    const created = await tx.apiKey.create({
      data: {
        id: newId('key'),
        organizationId,
        projectId,
        name: body.name,
        keyPrefix: keyPrefix(key),
        keyHash: hashKey(key),
        scopes,
        source: actor.kind === 'user' ? 'dashboard' : 'api',
        deviceName: body.device_name ?? null,
        createdByUserId,
        expiresAt,
      },
    });
    await recordAudit(tx, context, {
      action: 'api_key.created',
      ...(projectId !== null && { projectId }),
      metadata: { api_key_id: created.id, name: created.name, scopes },
    });
    const data = { api_key_id: created.id, name: created.name, requested_by: actor.name };
    return { row: created, told: await recordEvent(tx, { organizationId, projectId, type: 'vector.api-key.created', data }) };
  });
  await wakeDeliveries(told);
  return { api_key: apiKeyToWire(row), plaintext_api_key: key };
}

const HOUR_MS = 3_600_000;

/**
 * Creates a key with the same scopes and lifetime as the previous one. The previous key keeps working for
 * `overlap_hours`, or until it expires if that is sooner. Only this response contains the new key.
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

/** Revokes a key inside a transaction. Answers whom to wake after the commit; nobody where it was revoked before. */
export async function revokeKeyIn(tx: Tx, context: Context, { id, name, projectId }: ApiKey): Promise<Message<'webhook.deliver'>[]> {
  const { organizationId, actor } = context;
  const { count } = await tx.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: storeTime(), revokedBy: actor.name } });
  if (count === 0) return [];
  await recordAudit(tx, context, { action: 'api_key.revoked', ...(projectId !== null && { projectId }), metadata: { api_key_id: id, name } });
  return recordEvent(tx, { organizationId, projectId, type: 'vector.api-key.deleted', data: { api_key_id: id, name, requested_by: actor.name } });
}

/** Revokes an API key, which stops working from the next request on. An already revoked key is unchanged. Throws not_found. */
export async function revokeApiKey(context: Context, keyId: string): Promise<void> {
  const told = await db.$transaction(async (tx) => {
    const key = await tx.apiKey.findFirst({ where: { id: keyId, organizationId: context.organizationId } });
    if (!key) throw notFound('API key');
    return revokeKeyIn(tx, context, key);
  });
  await wakeDeliveries(told);
}

/** The organization's API keys, newest first, revoked ones too; all of them, or a page. */
export async function listApiKeys({ organizationId }: Context, query: ListQuery = {}): Promise<ApiKeyListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const { rows, next } = cutPage(await db.apiKey.findMany({ where: { organizationId, ...where }, ...page }), query, ({ id }) => id);
  return { api_keys: rows.map(apiKeyToWire), ...next };
}
