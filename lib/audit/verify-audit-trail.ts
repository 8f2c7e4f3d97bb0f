import type { Prisma } from '#generated/prisma/client.ts';
import type { AuditCheckpointWire, AuditVerificationWire } from '#lib/contract/audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { holdClaim, type SharedClaim, settleClaim, takeOver } from '#lib/queue/claim.ts';
import { loadChain } from './chain-key.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { describeVerification } from './describe-verification.ts';
import { inspectChain } from './inspect-chain.ts';
import { sealEarlierChains } from './seal-earlier-chains.ts';
import { tryRecordAudit } from './try-record-audit.ts';
import { advanceWitness } from './witness.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

const FINDINGS = 100;
const CHECKPOINT_EVERY_MS = 3_600_000;

interface Options {
  /** False: only what came after the last checkpoint. */
  whole?: boolean;
  /** Checkpoints kept elsewhere, beside those in the checkpoint file. */
  checkpoints?: AuditCheckpointWire[] | undefined;
  /** The claim of a worker; without it the verification takes over from any that runs. */
  claim?: SharedClaim;
}

/**
 * Reads an organization's chain and finds what was edited, inserted, deleted, cut off or replaced, and where. What it
 * found is kept for `describeVerification`; where all is whole that is signed as a checkpoint, once an hour where only
 * what is new was read.
 * @throws {DomainError} validation_failed for a checkpoint that is not the organization's own
 * @throws {ClaimLost} where a later verification has begun: nothing of this one is written
 */
export async function verifyAuditTrail(organizationId: string, { whole = true, checkpoints = [], claim: given }: Options = {}): Promise<AuditVerificationWire> {
  const claim = given ?? (await takeOver('audit.verify', organizationId));
  await sealEarlierChains(organizationId);
  const before = await db.auditCheck.findUnique({ where: { organizationId } });
  const chain = await loadChain(organizationId);
  const outside = [...checkpoints, ...(whole ? await readCheckpointFile(organizationId) : [])];
  const { findings: all, head, records, unchained, lastAt, latest, elsewhere } = await inspectChain(organizationId, chain, { whole, outside });
  const findings = all.slice(0, FINDINGS);
  await failpoint('audit.read');

  const now = storeTime();
  const found = {
    checkedAt: now,
    ...(whole && { walkedAt: now, unchained, elsewhere }),
    throughSeq: head?.seq ?? 0,
    throughAt: lastAt ?? before?.throughAt ?? null,
    records,
    findings: findings as unknown as Prisma.InputJsonArray,
  };
  await db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    await tx.auditCheck.upsert({ where: { organizationId }, update: found, create: { organizationId, walkedAt: now, unchained, ...found } });
  });
  const [first] = findings;
  const wasWhole = before === null || (before.findings as unknown[]).length === 0;
  if (first && wasWhole) {
    const metadata = { findings: all.length, kind: first.kind, seq: first.seq };
    await tryRecordAudit(systemContext(organizationId), { action: 'audit.chain_broken', reason: first.detail, metadata });
  }
  if (!first && head && head.hmac !== '' && typeof chain !== 'string') {
    await advanceWitness(organizationId, chain, { seq: head.seq, hmac: head.hmac, checkpoints: latest?.number ?? 0 });
    const isDue = whole || !latest || now.getTime() - Date.parse(latest.created_at) >= CHECKPOINT_EVERY_MS;
    if (head.seq > (latest?.seq ?? 0) && isDue) await writeCheckpoint(organizationId, head, { isSeal: false });
  }
  await db.$transaction((tx) => settleClaim(tx, claim));
  return describeVerification({ organizationId });
}
