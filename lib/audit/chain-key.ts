import { createHash, createHmac, createPrivateKey, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { open, type SealContext, seal } from '#lib/crypto/envelope.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { canonicalJson } from './canonical-json.ts';
import type { AuditRecord } from './record.ts';
import { readChain } from './segments.ts';

const KEY_BYTES = 32;
/** The PKCS #8 prefix of a 32-byte Ed25519 private key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Version 1 sealed the secret alone. */
const VERSION = 2;

/** Where a chain begins. Sealed with its secret, so that write access to the table is not enough to pass a chained record off as older than the chain. */
const beginning = z.object({
  secret: z.string(),
  /** The first chained record; those before it are older than the chain. */
  first_seq: z.number().int().min(1),
  /** SHA-256 over the older records; empty where there are none. */
  older_hash: z.string(),
  /** By the store's clock; null where an earlier version of Rekey began the chain. */
  begun_at: z.iso.datetime().nullable(),
});
type Beginning = z.infer<typeof beginning>;

export interface Chain {
  /** The HMAC key of the records. */
  mac: Buffer;
  /** The Ed25519 key that signs checkpoints. */
  signing: KeyObject;
  firstSeq: number;
  olderHash: string;
  begunAt: Date | null;
  /** The HMAC that makes a statement about the chain, such as where it ends, one of Rekey's own. */
  sealOf: (statement: Statement) => string;
}

/** What is sealed about a chain outside of its records. */
export type Statement = { kind: 'head'; seq: number; hmac: string } | { kind: 'witness'; seq: number; hmac: string; checkpoints: number };

/** Whether a seal is the one that the chain's secret gives to this statement. */
export function isSealGenuine(chain: Chain, statement: Statement, sealed: string): boolean {
  const [is, should] = [Buffer.from(sealed, 'hex'), Buffer.from(chain.sealOf(statement), 'hex')];
  return is.length === should.length && timingSafeEqual(is, should);
}

/** Where the secret of a chain belongs. */
export const chainKeyContext = (organizationId: string, version: number): SealContext => ({
  organizationId,
  table: 'audit_keys',
  row: organizationId,
  field: 'sealed',
  version,
});

/** HKDF (RFC 5869): derives independent keys from one secret. */
function chainOf(organizationId: string, { secret, ...begin }: Beginning): Chain {
  const bytes = Buffer.from(secret, 'base64');
  const derive = (info: string) => Buffer.from(hkdfSync('sha256', bytes, organizationId, `rekey audit ${info} 1`, KEY_BYTES));
  const sealing = derive('seal');
  return {
    mac: derive('chain'),
    signing: createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, derive('checkpoint')]), format: 'der', type: 'pkcs8' }),
    firstSeq: begin.first_seq,
    olderHash: begin.older_hash,
    begunAt: begin.begun_at === null ? null : new Date(begin.begun_at),
    sealOf: (statement) =>
      createHmac('sha256', sealing)
        .update(canonicalJson({ ...statement, organization_id: organizationId, version: 1 }))
        .digest('hex'),
  };
}

/** Hashes the records that are older than the chain, in order. */
export class OlderRecords {
  readonly #hash = createHash('sha256');
  #count = 0;

  read(record: AuditRecord): void {
    this.#hash.update(`${canonicalJson(record)}\n`);
    this.#count += 1;
  }

  /** Hexadecimal; empty where there was none. Ends the reading. */
  digest(): string {
    return this.#count === 0 ? '' : this.#hash.digest('hex');
  }
}

async function hashOlder(tx: Tx, organizationId: string, through: number): Promise<string> {
  const older = new OlderRecords();
  for await (const page of readChain(organizationId, 0, through, tx)) for (const record of page) older.read(record);
  return older.digest();
}

interface KeyRow {
  sealed: string;
  version: number;
  /** Written in the current transaction, which may still roll back. */
  is_new: boolean;
}

async function find(tx: Tx, organizationId: string): Promise<KeyRow | undefined> {
  const [row] = await tx.$queryRaw<KeyRow[]>`
    SELECT sealed, version, coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false) AS is_new FROM audit_keys WHERE organization_id = ${organizationId}`;
  return row;
}

async function openSealed(organizationId: string, { sealed, version }: KeyRow): Promise<string> {
  return open(sealed, chainKeyContext(organizationId, version));
}

async function sealBeginning(organizationId: string, begin: Beginning, checkpoints: number) {
  const sealed = await seal(JSON.stringify(begin), chainKeyContext(organizationId, VERSION));
  return { sealed, witness: chainOf(organizationId, begin).sealOf({ kind: 'witness', seq: 0, hmac: '', checkpoints }) };
}

/**
 * Begins a chain. Only where nothing is chained yet: a lost secret is not replaced, since nothing written with it could
 * be verified any more.
 */
async function begin(tx: Tx, organizationId: string): Promise<void> {
  const [{ at, older }] = await tx.$queryRaw<[{ at: Date; older: number }]>`
    SELECT now() AS at, coalesce((SELECT unchained_through FROM audit_heads WHERE organization_id = ${organizationId}), 0) AS older`;
  const secret = randomBytes(KEY_BYTES).toString('base64');
  const older_hash = await hashOlder(tx, organizationId, older);
  const { sealed, witness } = await sealBeginning(organizationId, { secret, first_seq: older + 1, older_hash, begun_at: at.toISOString() }, 0);
  await tx.$executeRaw`
    INSERT INTO audit_keys (organization_id, version, sealed, witness_seal) SELECT ${organizationId}, ${VERSION}::int, ${sealed}, ${witness}
    WHERE NOT EXISTS (SELECT FROM audit_heads WHERE organization_id = ${organizationId} AND (hmac <> '' OR seq <> unchained_through))
      AND NOT EXISTS (SELECT FROM audit_events WHERE organization_id = ${organizationId} AND (hmac <> '' OR seq > ${older}::int))
      AND NOT EXISTS (SELECT FROM audit_checkpoints WHERE organization_id = ${organizationId})
    ON CONFLICT DO NOTHING`;
}

/** Seals a chain that an earlier version of Rekey left: where it begins, and the older records in their current form. */
async function sealEarlier(tx: Tx, organizationId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM audit_keys WHERE organization_id = ${organizationId} FOR UPDATE`;
  const row = await find(tx, organizationId);
  if (row?.version !== 1) return;
  const secret = await openSealed(organizationId, row);
  const [{ older, checkpoints }] = await tx.$queryRaw<[{ older: number; checkpoints: number }]>`
    SELECT coalesce((SELECT unchained_through FROM audit_heads WHERE organization_id = ${organizationId}), 0) AS older,
      coalesce((SELECT max(number) FROM audit_checkpoints WHERE organization_id = ${organizationId}), 0) AS checkpoints`;
  const older_hash = await hashOlder(tx, organizationId, older);
  const { sealed, witness } = await sealBeginning(organizationId, { secret, first_seq: older + 1, older_hash, begun_at: null }, checkpoints);
  await tx.$executeRaw`
    UPDATE audit_keys SET version = ${VERSION}::int, sealed = ${sealed}, witness_checkpoints = ${checkpoints}::int, witness_seal = ${witness}
    WHERE organization_id = ${organizationId}`;
}

const cache = new Map<string, Chain>();

/**
 * The chain that a transaction appends to; begun here where there is none. Its keys come from a random secret of its own,
 * sealed under the encryption key: another encryption key wraps it anew, and records that can never be rewritten stay
 * verifiable. Throws SealBrokenError where the secret does not open, Error where a chain has begun and its secret is gone.
 */
export async function openChain(tx: Tx, organizationId: string): Promise<Chain> {
  const known = cache.get(organizationId);
  if (known) return known;
  const found = await find(tx, organizationId);
  if (!found) await begin(tx, organizationId);
  else if (found.version === 1) await sealEarlier(tx, organizationId);
  const row = found?.version === VERSION ? found : await find(tx, organizationId);
  if (!row) throw new Error('The secret of an audit chain is gone.');
  const chain = chainOf(organizationId, beginning.parse(JSON.parse(await openSealed(organizationId, row))));
  if (!row.is_new) cache.set(organizationId, chain);
  return chain;
}

/** `none`: nothing was ever chained, or nothing is left that tells of it. `gone` and `broken`: the secret of a chain is not there, or does not open. */
export type Loaded = Chain | 'none' | 'gone' | 'broken';

/** The chain as its row tells it now, whatever this process remembers. Changes nothing. Throws KeyUnavailableError. */
export async function loadChain(organizationId: string): Promise<Loaded> {
  const row = await find(db, organizationId);
  if (!row) {
    const [{ is_begun: isBegun }] = await db.$queryRaw<[{ is_begun: boolean }]>`
      SELECT EXISTS (SELECT FROM audit_heads WHERE organization_id = ${organizationId} AND seq > 0)
        OR EXISTS (SELECT FROM audit_events WHERE organization_id = ${organizationId})
        OR EXISTS (SELECT FROM audit_checkpoints WHERE organization_id = ${organizationId}) AS is_begun`;
    return isBegun ? 'gone' : 'none';
  }
  try {
    return chainOf(organizationId, beginning.parse(JSON.parse(await openSealed(organizationId, row))));
  } catch (error) {
    if (error instanceof SealBrokenError || error instanceof SyntaxError || error instanceof z.ZodError) return 'broken';
    throw error;
  }
}
