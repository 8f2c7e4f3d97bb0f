import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { DomainError } from '#lib/errors.ts';
import type { AuditCheckpointWire } from '#lib/http/wire/audit.ts';
import { loadChain } from './chain-key.ts';
import { checkpointToWire } from './checkpoint.ts';

/**
 * All signed checkpoints, oldest first, to be kept off the machine.
 * @throws {DomainError} conflict where the secret they are signed with is gone
 */
export async function listCheckpoints({ organizationId }: Pick<Context, 'organizationId'>): Promise<AuditCheckpointWire[]> {
  const chain = await loadChain(organizationId);
  if (chain === 'none') return [];
  if (typeof chain === 'string')
    throw new DomainError(
      'conflict',
      'The secret of this audit log is gone or does not open, so its checkpoints cannot be read. Verify the log: it says what was changed.',
    );
  const rows = await db.auditCheckpoint.findMany({ where: { organizationId }, orderBy: { number: 'asc' } });
  return rows.map((row) => checkpointToWire(row, chain.signing));
}
