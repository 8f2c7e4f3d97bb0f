import { scopesOf } from '#lib/access/authorize.ts';
import { createApiKey } from '#lib/api-keys/create-api-key.ts';
import type { CreateVectorApiKeyBody, VectorApiKeyCreatedWire } from '#lib/contract/vector/account.ts';
import type { Context } from '#lib/kernel/context.ts';
import { apiKeyToVector } from './page-api-keys.ts';

/** Creates an API key asked for in the words of the sites dialect: without abilities, or with `*`, of all scopes of its maker. Throws as `createApiKey` does. */
export async function createVectorApiKey(context: Context, { name, abilities, expires_at }: CreateVectorApiKeyBody): Promise<VectorApiKeyCreatedWire> {
  const named = abilities ?? ['*'];
  const scopes = named.includes('*') ? scopesOf(context) : named;
  const made = await createApiKey(context, { name, scopes, expires_at });
  return { ...apiKeyToVector(made.api_key), token: made.plaintext_api_key };
}
