import type { AuditCheckpointWire } from '#lib/contract/audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db } from '#lib/kernel/db.ts';
import { loadChain } from './chain-key.ts';
import { checkpointToWire, signCheckpoint } from './checkpoint.ts';
import { advanceWitness } from './witness.ts';

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
