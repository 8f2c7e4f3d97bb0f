// Data folders for throw-away servers: copied from one that initdb made once, which takes a tenth of initdb's time.
import { execFile } from 'node:child_process';
import { createHash, randomBytes, randomFillSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverEnv } from './child-env.ts';

const TEMPLATES = join(import.meta.dirname, '../../node_modules/.cache/clusters');
const FIRST_SEGMENT = 'pg_wal/000000010000000000000001';
/** Where the first page of a segment names the cluster (XLogLongPageHeaderData in PostgreSQL's xlog_internal.h). */
const SEGMENT_IDENTITY_AT = 24;
/** The nonce right before the checksum of pg_control (ControlFileData in pg_control.h). */
const NONCE_BYTES = 32;

/** CRC-32C, which zlib does not have. */
function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Where pg_control has its checksum, which depends on the version: it covers all that precedes it. */
function findChecksum(control: Buffer): number {
  for (let at = 8 + NONCE_BYTES; at < 512; at += 4) if (crc32c(control.subarray(0, at)) === control.readUInt32LE(at)) return at;
  throw new Error('pg_control has no checksum.');
}

/** Makes a copied cluster another one, as initdb does: its system identifier, and the nonce that decides which salts it shows for unknown roles. */
function renewIdentity(data: string): void {
  const [controlFile, segmentFile] = [join(data, 'global/pg_control'), join(data, FIRST_SEGMENT)];
  const [control, segment] = [readFileSync(controlFile), readFileSync(segmentFile)];
  const checksumAt = findChecksum(control);
  // Positive, since pg_control_system() returns it as a signed number.
  control.writeBigInt64LE(randomBytes(8).readBigInt64LE() & 0x7fff_ffff_ffff_ffffn);
  randomFillSync(control, checksumAt - NONCE_BYTES, NONCE_BYTES);
  control.writeUInt32LE(crc32c(control.subarray(0, checksumAt)), checksumAt);
  control.copy(segment, SEGMENT_IDENTITY_AT, 0, 8);
  writeFileSync(controlFile, control);
  writeFileSync(segmentFile, segment);
}

/**
 * Puts a fresh cluster of these programs, and its superuser's password, into a folder. `make` makes both in another one, for
 * the first that asks.
 */
export async function copyCluster(binDir: string, dir: string, make: (dir: string) => Promise<void>): Promise<void> {
  const program = join(binDir, 'postgres');
  const key = createHash('sha256')
    .update(`${program} ${statSync(program).mtimeMs}`)
    .digest('hex')
    .slice(0, 16);
  const template = join(TEMPLATES, key);
  if (!existsSync(template)) {
    mkdirSync(TEMPLATES, { recursive: true });
    const draft = mkdtempSync(join(TEMPLATES, 'new-'));
    // The server's user makes the data in it.
    chmodSync(draft, 0o755);
    await make(draft);
    try {
      renameSync(draft, template);
    } catch (error) {
      // Another process was faster.
      rmSync(draft, { recursive: true });
      if (!existsSync(template)) throw error;
    }
  }
  const files = ['password', 'data'].map((name) => join(template, name));
  await promisify(execFile)('cp', ['-a', ...files, dir], { env: serverEnv() });
  renewIdentity(join(dir, 'data'));
}
