import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { listCheckpoints } from './checkpoints.ts';
import type { AuditRecord } from './record.ts';
import { recordAudit } from './record-audit.ts';
import { readChain } from './segments.ts';
import { verifyAuditTrail } from './verify.ts';

/**
 * Archives the records up to the last seal, then removes them. Only the owner of the tables may. Verified first, seal
 * included; the chain goes on being verified from there.
 * @throws {DomainError} conflict where the chain is broken, or nothing is sealed
 */
export async function removeSegment(context: Context, archive: (records: AuditRecord[]) => Promise<void>): Promise<{ removed: number; through_seq: number }> {
  const { organizationId } = context;
  const { findings } = await verifyAuditTrail(organizationId);
  if (findings[0]) throw new DomainError('conflict', `${findings[0].detail} Nothing is removed from a broken chain.`);
  const seal = (await listCheckpoints(context)).findLast(({ is_seal: isSeal }) => isSeal);
  if (!seal) throw new DomainError('conflict', 'Nothing is sealed yet. Seal first; nothing was removed.');
  for await (const page of readChain(organizationId, 0, seal.seq)) await archive(page);
  const removed = await db.$transaction(async (tx) => {
    const [{ count }] = await tx.$queryRaw<[{ count: number }]>`SELECT rekey_remove_audit_segment(${organizationId}, ${seal.seq}::int) AS count`;
    await recordAudit(tx, context, { action: 'audit.segment_removed', metadata: { through_seq: seal.seq, checkpoint: seal.number, records: count } });
    return count;
  });
  return { removed, through_seq: seal.seq };
}
