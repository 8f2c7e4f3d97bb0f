import { randomBytes } from 'node:crypto';
import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { SECRET_MARK } from '#lib/webhooks/sign.ts';

const SECRET_BYTES = 32;

interface HookKey {
  id: string;
  organizationId: string;
  hookSecretVersion: number;
}

/** Where the secret of a hook belongs. */
export const hookSecretContext = ({ id, organizationId, hookSecretVersion }: HookKey): SealContext => ({
  organizationId,
  table: 'environments',
  row: id,
  field: 'hook_secret',
  version: hookSecretVersion,
});

/** The columns of an environment's hook, and the secret that signs its calls; none of both for null. */
export async function hookColumns(row: HookKey, url: string | null) {
  const key = { ...row, hookSecretVersion: row.hookSecretVersion + 1 };
  const secret = url === null ? null : new Secret(SECRET_MARK + randomBytes(SECRET_BYTES).toString('base64'));
  return {
    secret,
    columns: {
      deployHookUrl: url,
      hookSecretVersion: key.hookSecretVersion,
      hookSecretSealed: secret && (await seal(secret.reveal(), hookSecretContext(key))),
    },
  };
}

/** The secret that signs the calls of an environment's hook. Throws SealBrokenError. */
export const openHookSecret = async (row: HookKey, sealed: string): Promise<Secret> => new Secret(await open(sealed, hookSecretContext(row)));
