import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { AuditCheckpoint } from '#generated/prisma/client.ts';
import type { AuditCheckpointWire } from '#lib/contract/audit.ts';
import { canonicalJson } from './canonical-json.ts';

type Signed = Omit<AuditCheckpointWire, 'signature' | 'public_key'>;

const bytesOf = ({ organization_id, number, seq, hmac, is_seal, created_at }: Signed): Buffer =>
  Buffer.from(canonicalJson({ organization_id, number, seq, hmac, is_seal, created_at, version: 1 }));

/** Ed25519 over the checkpoint's canonical JSON, in base64. */
export const signCheckpoint = (checkpoint: Signed, key: KeyObject): string => sign(null, bytesOf(checkpoint), key).toString('base64');

/** Whether an organization's own key has signed it. */
export const isSigned = (checkpoint: Signed & { signature: string }, key: KeyObject): boolean =>
  verify(null, bytesOf(checkpoint), createPublicKey(key), Buffer.from(checkpoint.signature, 'base64'));

/** Whether it is what was signed with the key that it names, whosever that is. */
export function isOwnSignature(checkpoint: AuditCheckpointWire): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(checkpoint.public_key, 'base64'), format: 'der', type: 'spki' });
    return verify(null, bytesOf(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'));
  } catch {
    return false;
  }
}

/** The public half, SPKI in base64: with it anybody can check a signature. */
const publicKeyOf = (key: KeyObject): string => createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

export const checkpointToWire = (
  { organizationId, number, seq, hmac, isSeal, createdAt, signature }: AuditCheckpoint,
  key: KeyObject,
): AuditCheckpointWire => ({
  organization_id: organizationId,
  number,
  seq,
  hmac,
  is_seal: isSeal,
  created_at: createdAt.toISOString(),
  signature,
  public_key: publicKeyOf(key),
});
