import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';

interface Key {
  id: string;
  organizationId: string;
}

/** Where a token or a deploy hook belongs. */
export const integrationContext = ({ id, organizationId }: Key, field: 'token' | 'hook', version: number): SealContext => ({
  organizationId,
  table: 'integrations',
  row: id,
  field,
  version,
});

/** Seals a provider's token for exactly this integration and version. */
export const sealToken = (key: Key & { tokenVersion: number }, token: Secret): Promise<string> =>
  seal(token.reveal(), integrationContext(key, 'token', key.tokenVersion));

/** Opens the token of an integration. Throws SealBrokenError. */
export const openToken = async (row: Key & { tokenVersion: number; tokenSealed: string }): Promise<Secret> =>
  new Secret(await open(row.tokenSealed, integrationContext(row, 'token', row.tokenVersion)));

/** Seals the URL of a deploy hook: who knows it can deploy. */
export const sealHook = (key: Key & { hookVersion: number }, url: Secret): Promise<string> =>
  seal(url.reveal(), integrationContext(key, 'hook', key.hookVersion));

/** Opens the URL of a deploy hook; null where there is none. Throws SealBrokenError. */
export const openHook = async (row: Key & { hookVersion: number; hookSealed: string | null }): Promise<Secret | null> =>
  row.hookSealed === null ? null : new Secret(await open(row.hookSealed, integrationContext(row, 'hook', row.hookVersion)));
