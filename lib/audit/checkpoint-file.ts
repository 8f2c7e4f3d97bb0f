import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { type AuditCheckpointWire, auditCheckpoint } from '#lib/contract/audit.ts';
import { env } from '#lib/kernel/env.ts';
import { describeError, log } from '#lib/kernel/log.ts';

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
    // A line that a crash has cut short is ended first, so that this one stands by itself.
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
