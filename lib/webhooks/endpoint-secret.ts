import { randomBytes } from 'node:crypto';
import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { SECRET_MARK } from './sign.ts';

const SECRET_BYTES = 32;

interface SecretKey {
  id: string;
  organizationId: string;
  secretVersion: number;
}

/** Where a signing secret belongs. */
export const secretContext = ({ id, organizationId, secretVersion }: SecretKey): SealContext => ({
  organizationId,
  table: 'webhook_endpoints',
  row: id,
  field: 'secret',
  version: secretVersion,
});

/** A new signing secret: `whsec_` and 32 random bytes in base64. */
export const generateSecret = (): Secret => new Secret(SECRET_MARK + randomBytes(SECRET_BYTES).toString('base64'));

/** Seals a signing secret for exactly this endpoint and version. */
export const sealSecret = (key: SecretKey, secret: Secret): Promise<string> => seal(secret.reveal(), secretContext(key));

interface SealedSecrets extends SecretKey {
  secretSealed: string | null;
  formerSecretSealed: string | null;
  formerUntil: Date | null;
}

/** The secrets that sign at `now`: the present one, and the former one while both count; none for Slack. Throws SealBrokenError. */
export async function openSecrets(row: SealedSecrets, now: Date): Promise<Secret[]> {
  if (row.secretSealed === null) return [];
  const secrets = [new Secret(await open(row.secretSealed, secretContext(row)))];
  if (row.formerSecretSealed && row.formerUntil && row.formerUntil > now)
    secrets.push(new Secret(await open(row.formerSecretSealed, secretContext({ ...row, secretVersion: row.secretVersion - 1 }))));
  return secrets;
}
