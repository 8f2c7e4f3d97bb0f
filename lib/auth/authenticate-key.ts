import { hashKey, isMistypedKey } from '#lib/api-keys/key-format.ts';
import { recordRefusal } from '#lib/audit/record-refusal.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context, Origin } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';

const USED_AT_EVERY_MS = 60_000;

const refused = (detail: string) => new DomainError('unauthenticated', detail);

/** The context of a live API key. Asks the store each time: a revoked key is dead at once. */
export async function authenticateKey(key: string, origin: Origin): Promise<Context> {
  const row = await db.apiKey.findUnique({ where: { keyHash: hashKey(key) } });
  if (!row) throw refused(isMistypedKey(key) ? 'This API key is incomplete or mistyped. Copy the whole key.' : 'This API key is not known here.');
  const actor = { kind: 'api_key', id: row.id, name: row.name, scopes: row.scopes, projectId: row.projectId } as const;
  const context: Context = { organizationId: row.organizationId, origin, actor };
  const now = storeTime();
  const isExpired = row.expiresAt !== null && row.expiresAt <= now;
  if (row.revokedAt || isExpired) {
    const reason = row.revokedAt ? 'This API key was revoked.' : 'This API key has expired.';
    await recordRefusal(context, { action: 'api_key.refused', target: { type: 'api_key', id: row.id, name: row.name }, reason });
    throw refused(`${reason} Create another one.`);
  }
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() >= USED_AT_EVERY_MS)
    await db.apiKey.updateMany({ where: { id: row.id }, data: { lastUsedAt: now, lastUsedAddress: origin.address ?? null } });
  return context;
}
