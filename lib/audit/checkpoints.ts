import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { AuditCheckpoint } from '#generated/prisma/client.ts';
import { type AuditCheckpointWire, auditCheckpoint, type CheckpointQuery } from '#lib/contract/audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { canonicalJson } from './canonical-json.ts';
import { loadChain } from './chain-key.ts';
import { advanceWitness } from './witness.ts';

type Signed = Omit<AuditCheckpointWire, 'signature' | 'public_key'>;

const bytesOf = ({ organization_id, number, seq, hmac, is_seal, created_at }: Signed): Buffer =>
  Buffer.from(canonicalJson({ organization_id, number, seq, hmac, is_seal, created_at, version: 1 }));

/** Ed25519 over the checkpoint's canonical JSON, in base64. */
const signCheckpoint = (checkpoint: Signed, key: KeyObject): string => sign(null, bytesOf(checkpoint), key).toString('base64');

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

/** A line of the file; undefined for one that a crash has cut short. */
function parseLine(line: string): AuditCheckpointWire | undefined {
  try {
    return auditCheckpoint.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/**
 * An organization's checkpoints in REKEY_AUDIT_CHECKPOINT_FILE, oldest first; none where there is no such file. A file
 * that cannot be read counts as none: verification then says that nothing kept elsewhere was compared.
 */
export async function readCheckpointFile(organizationId: string, file = env.REKEY_AUDIT_CHECKPOINT_FILE): Promise<AuditCheckpointWire[]> {
  if (!file) return [];
  const found: AuditCheckpointWire[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const checkpoint = line.includes(organizationId) ? parseLine(line) : undefined;
      if (checkpoint?.organization_id === organizationId) found.push(checkpoint);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn({ file, error: describeError(error) }, 'the checkpoint file cannot be read');
    return [];
  }
  return found;
}

/** Appends a line to REKEY_AUDIT_CHECKPOINT_FILE and waits for the disk. Throws what the file system says. */
export async function appendToCheckpointFile(checkpoint: AuditCheckpointWire, file: string): Promise<void> {
  const handle = await open(file, 'a+', 0o600);
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    // End a line that a crash cut short, so that this checkpoint gets its own line.
    const isCut = size > 0 && last.toString() !== '\n';
    await handle.write(`${isCut ? '\n' : ''}${JSON.stringify(checkpoint)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // A new file is there after a crash only once its folder is on disk too.
  const folder = await open(dirname(file), 'r');
  await folder.sync().finally(() => folder.close());
}

/**
 * Signed checkpoints, oldest first, to be kept off the machine: all, or at most `limit` behind the number `after`.
 * @throws {DomainError} conflict where the secret they are signed with is gone
 */
export async function listCheckpoints(
  { organizationId }: Pick<Context, 'organizationId'>,
  { after = 0, limit }: CheckpointQuery = {},
): Promise<AuditCheckpointWire[]> {
  const chain = await loadChain(organizationId);
  if (chain === 'none') return [];
  if (typeof chain === 'string')
    throw new DomainError(
      'conflict',
      'The secret of this audit log is gone or does not open, so its checkpoints cannot be read. Verify the log: it says what was changed.',
    );
  const rows = await db.auditCheckpoint.findMany({
    where: { organizationId, number: { gt: after } },
    orderBy: { number: 'asc' },
    ...(limit !== undefined && { take: limit }),
  });
  return rows.map((row) => checkpointToWire(row, chain.signing));
}

/** Signs where a chain stood when it was found whole. Of two who sign at once one does; null to the other. */
export async function writeCheckpoint(
  organizationId: string,
  { seq, hmac }: { seq: number; hmac: string },
  { isSeal }: { isSeal: boolean },
): Promise<AuditCheckpointWire | null> {
  const chain = await loadChain(organizationId);
  if (typeof chain === 'string') return null;
  const last = await db.auditCheckpoint.findFirst({ where: { organizationId }, orderBy: { number: 'desc' }, select: { number: true } });
  const row = { organizationId, number: (last?.number ?? 0) + 1, seq, hmac, isSeal, createdAt: storeTime() };
  const content = { organization_id: organizationId, number: row.number, seq, hmac, is_seal: isSeal, created_at: row.createdAt.toISOString() };
  const signedRow = { ...row, signature: signCheckpoint(content, chain.signing) };
  const { count } = await db.auditCheckpoint.createMany({ data: [signedRow], skipDuplicates: true });
  if (count === 0) return null;
  await advanceWitness(organizationId, chain, { seq, hmac, checkpoints: row.number });
  return checkpointToWire(signedRow, chain.signing);
}
