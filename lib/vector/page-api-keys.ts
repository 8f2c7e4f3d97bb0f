import { apiKeyToWire } from '#lib/api-keys/to-wire.ts';
import type { ApiKeyWire } from '#lib/contract/account.ts';
import type { VectorApiKeyWire } from '#lib/contract/vector/account.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';

/** An API key in the words of the sites dialect. */
export const apiKeyToVector = ({ id, name, scopes, last_used_at, expires_at, created_at }: ApiKeyWire): VectorApiKeyWire => ({
  id,
  name,
  abilities: scopes,
  last_used_at,
  expires_at,
  created_at,
});

/** A page of the keys that still count, newest first: one that was revoked is deleted in this dialect. */
export async function pageApiKeys({ organizationId }: Context, page: PageQuery): Promise<Page<VectorApiKeyWire>> {
  const where = { organizationId, revokedAt: null };
  const [rows, total] = await Promise.all([
    db.apiKey.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], ...rowsOf(page) }),
    db.apiKey.count({ where }),
  ]);
  return { items: rows.map((row) => apiKeyToVector(apiKeyToWire(row))), total };
}
