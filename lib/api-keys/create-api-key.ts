import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ApiKeyCreatedWire, CreateApiKeyBody } from '#lib/contract/account.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { checkScopesHeld } from './check-scopes-held.ts';
import { generateKey, hashKey, keyPrefix } from './key-format.ts';
import { apiKeyToWire } from './to-wire.ts';

/**
 * Creates an API key. The key itself is in this answer and nowhere else.
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
