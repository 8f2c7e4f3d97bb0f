import type { AuditCheckpointWire } from '#lib/contract/audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { writeCheckpoint } from './checkpoints.ts';
import { keepInFile } from './publish-checkpoints.ts';
import { recordAudit } from './record-audit.ts';
import { verifyAuditTrail } from './verify.ts';

/**
 * Seals the records from before a moment: they may then be archived and removed, and the chain goes on being verified
 * from the seal. The whole chain is verified first.
 * @throws {DomainError} conflict where the chain is broken, or nothing is older
 */
export async function sealSegment(context: Context, before: Date): Promise<AuditCheckpointWire> {
  const { organizationId } = context;
  const { findings } = await verifyAuditTrail(organizationId);
  if (findings[0]) throw new DomainError('conflict', `${findings[0].detail} A broken chain is not sealed; nothing was changed.`);
  const last = await db.auditEvent.findFirst({ where: { organizationId, createdAt: { lt: before }, hmac: { not: '' } }, orderBy: { seq: 'desc' } });
  if (!last) throw new DomainError('conflict', 'No event is older than that. Nothing was changed.');
  const seal = await writeCheckpoint(organizationId, last, { isSeal: true });
  if (!seal) throw new DomainError('conflict', 'Another checkpoint was written at the same time. Try again; nothing was changed.');
  await db.$transaction((tx) => recordAudit(tx, context, { action: 'audit.segment_sealed', metadata: { through_seq: seal.seq, checkpoint: seal.number } }));
  await keepInFile(seal);
  return seal;
}
