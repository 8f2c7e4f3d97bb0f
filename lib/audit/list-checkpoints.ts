import type { AuditCheckpointWire, CheckpointQuery } from '#lib/contract/audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { loadChain } from './chain-key.ts';
import { checkpointToWire } from './checkpoint.ts';

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
