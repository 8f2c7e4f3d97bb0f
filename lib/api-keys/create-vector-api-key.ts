import { scopesOf } from '#lib/auth/authorize.ts';
import type { Context, Scope } from '#lib/context.ts';
import type { CreateVectorApiKeyBody, VectorApiKeyCreatedWire } from '#lib/http/wire/vector/account.ts';
import { createApiKey } from './create-api-key.ts';
import { apiKeyToVector } from './page-api-keys.ts';

/** Creates an API key asked for in the words of the sites dialect. Throws as `createApiKey` does. */
export async function createVectorApiKey(context: Context, { name, abilities, expires_at }: CreateVectorApiKeyBody): Promise<VectorApiKeyCreatedWire> {
  const named = (abilities ?? ['*']).filter((ability): ability is Scope => ability !== '*');
  const scopes = named.length === (abilities ?? ['*']).length ? named : scopesOf(context);
  const made = await createApiKey(context, { name, scopes, expires_at });
  return { ...apiKeyToVector(made.api_key), token: made.plaintext_api_key };
}
