import { scopesOf } from '#lib/access/authorize.ts';
import { apiKeyToWire, createApiKey } from '#lib/api-keys/api-keys.ts';
import type { ApiKeyWire } from '#lib/contract/account.ts';
import type { CreateVectorApiKeyBody, VectorApiKeyCreatedWire, VectorApiKeyWire } from '#lib/contract/vector/account.ts';
import type { PageQuery } from '#lib/contract/vector/envelope.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type Page, rowsOf } from '#lib/paging/vector-page.ts';

/** An API key in the words of the sites dialect. */
const apiKeyToVector = ({ id, name, scopes, last_used_at, expires_at, created_at }: ApiKeyWire): VectorApiKeyWire => ({
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

/** Creates an API key asked for in the words of the sites dialect: without abilities, or with `*`, of all scopes of its maker. Throws as `createApiKey` does. */
export async function createVectorApiKey(context: Context, { name, abilities, expires_at }: CreateVectorApiKeyBody): Promise<VectorApiKeyCreatedWire> {
  const named = abilities ?? ['*'];
  const scopes = named.includes('*') ? scopesOf(context) : named;
  const made = await createApiKey(context, { name, scopes, expires_at });
  return { ...apiKeyToVector(made.api_key), token: made.plaintext_api_key };
}
