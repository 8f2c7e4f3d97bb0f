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

/** What an endpoint keeps of its secrets. */
export interface SealedSecrets extends SecretKey {
  secretSealed: string | null;
  formerSecretSealed: string | null;
  formerVersion: number | null;
  formerUntil: Date | null;
  acknowledgedVersion: number | null;
}

/** The version of the former secret while it counts, else null. */
export const liveFormerVersion = ({ secretVersion, formerSecretSealed, formerVersion, formerUntil }: SealedSecrets, now: Date): number | null =>
  formerSecretSealed !== null && formerUntil !== null && formerUntil > now ? (formerVersion ?? secretVersion - 1) : null;

/** One of an endpoint's two secrets. Throws SealBrokenError. */
async function openSecret(row: SealedSecrets, version: number): Promise<Secret> {
  const sealed = version === row.secretVersion ? row.secretSealed : row.formerSecretSealed;
  return new Secret(await open(sealed ?? '', secretContext({ ...row, secretVersion: version })));
}

/** The secrets of these versions. Throws SealBrokenError. */
export const openSecrets = (row: SealedSecrets, versions: number[]): Promise<Secret[]> => Promise.all(versions.map((version) => openSecret(row, version)));
