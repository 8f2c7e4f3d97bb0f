import { createPrivateKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import type { Tx } from '#lib/db.ts';

const KEY_BYTES = 32;
/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface ChainKeys {
  /** Of the records' HMACs. */
  mac: Buffer;
  /** Ed25519, of the checkpoints' signatures. */
  signing: KeyObject;
}

/** Where the secret of a chain belongs. */
export const chainKeyContext = (organizationId: string): SealContext => ({
  organizationId,
  table: 'audit_keys',
  row: organizationId,
  field: 'sealed',
  version: 1,
});

/** HKDF (RFC 5869): two keys from one secret, neither telling of the other. */
function deriveKeys(organizationId: string, secret: Buffer): ChainKeys {
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', secret, organizationId, `rekey audit ${info} 1`, KEY_BYTES));
  return {
    mac: derive('chain'),
    signing: createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, derive('checkpoint')]), format: 'der', type: 'pkcs8' }),
  };
}

interface KeyRow {
  sealed: string;
  /** Made in this very transaction, which may yet come to nothing. */
  is_new: boolean;
}

const find = (tx: Tx, organizationId: string): Promise<KeyRow[]> => tx.$queryRaw<KeyRow[]>`
  SELECT sealed, coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false) AS is_new FROM audit_keys WHERE organization_id = ${organizationId}`;

/** A chain that has begun keeps its secret: without it nothing of it could be verified, so a lost one is not replaced. */
async function make(tx: Tx, organizationId: string): Promise<KeyRow[]> {
  const sealed = await seal(randomBytes(KEY_BYTES).toString('base64'), chainKeyContext(organizationId));
  await tx.$executeRaw`
    INSERT INTO audit_keys (organization_id, sealed) SELECT ${organizationId}, ${sealed}
    WHERE NOT EXISTS (SELECT FROM audit_heads WHERE organization_id = ${organizationId} AND hmac <> '')
    ON CONFLICT DO NOTHING`;
  return find(tx, organizationId);
}

const cache = new Map<string, ChainKeys>();

/**
 * The keys of an organization's chain. They come from a random secret of its own, sealed under the encryption key:
 * another encryption key wraps it anew, and records that can never be rewritten stay verifiable.
 * Throws SealBrokenError where the secret does not open, Error where a chain has begun and its secret is gone.
 */
export async function chainKeys(tx: Tx, organizationId: string): Promise<ChainKeys> {
  const known = cache.get(organizationId);
  if (known) return known;
  const found = await find(tx, organizationId);
  const [row] = found.length > 0 ? found : await make(tx, organizationId);
  if (!row) throw new Error('The secret of an audit chain is gone.');
  const keys = deriveKeys(organizationId, Buffer.from(await open(row.sealed, chainKeyContext(organizationId)), 'base64'));
  if (!row.is_new) cache.set(organizationId, keys);
  return keys;
}
