import { Prisma } from '#generated/prisma/client.ts';
import type { AuditCheckpointWire, AuditFinding, AuditVerificationWire, VerifyAuditBody } from '#lib/contract/audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Context, systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { attemptWork, holdClaim, type SharedClaim, settleClaim, takeOver } from '#lib/queue/claim.ts';
import { loadChain } from './chain-key.ts';
import { checkpointToWire, readCheckpointFile, writeCheckpoint } from './checkpoints.ts';
import { inspectChain } from './inspect-chain.ts';
import { sealEarlierChains } from './seal-earlier-chains.ts';
import { tryRecordAudit } from './try-record-audit.ts';
import { advanceWitness } from './witness.ts';

type Facts = Pick<AuditVerificationWire, 'is_whole' | 'through_seq' | 'unchained' | 'elsewhere_seq' | 'findings'>;

const rangeWords = (last: number): string => (last === 1 ? 'event 1' : `events 1 to ${last}`);

/** What a verification found, and what it could not have seen, in sentences. */
function verdictOf({ is_whole: isWhole, through_seq: through, unchained, elsewhere_seq: elsewhere, findings }: Facts): string {
  if (isWhole === null) return 'The audit log was not verified yet.';
  const [first] = findings;
  if (first) return `The audit log is not whole: ${findings.length === 1 ? '1 finding' : `${findings.length} findings`}. ${first.detail}`;
  if (through === 0) return 'The audit log has no events yet.';
  const sentences = [`The audit log is whole up to event ${through}, the last in this store.`];
  if (unchained > 0)
    sentences.push(`Of ${rangeWords(unchained)}, which are older than the chain, it is known only that nothing has changed since they were sealed.`);
  if (elsewhere >= through) sentences.push('A checkpoint kept elsewhere confirms all of it.');
  else if (elsewhere > 0)
    sentences.push(
      `A checkpoint kept elsewhere confirms it up to event ${elsewhere}. Later events could be missing if the owner of the database restored an earlier copy of all audit tables.`,
    );
  else
    sentences.push(
      'No checkpoint kept elsewhere was compared: if the owner of the database restored an earlier copy of all audit tables, the events since that copy are missing and this store cannot show it.',
    );
  return sentences.join(' ');
}

/** Returns the result of the last verification of the organization's chain, and how much was recorded since. */
export async function describeVerification({ organizationId }: Pick<Context, 'organizationId'>): Promise<AuditVerificationWire> {
  const [chain, check, head, first, checkpoint] = await Promise.all([
    loadChain(organizationId),
    db.auditCheck.findUnique({ where: { organizationId } }),
    db.auditHead.findUnique({ where: { organizationId } }),
    db.auditEvent.findFirst({ where: { organizationId }, orderBy: { seq: 'asc' }, select: { seq: true, createdAt: true } }),
    db.auditCheckpoint.findFirst({ where: { organizationId }, orderBy: { number: 'desc' } }),
  ]);
  const findings = (check?.findings ?? []) as unknown as AuditFinding[];
  const facts = {
    is_whole: check && findings.length === 0,
    through_seq: check?.throughSeq ?? 0,
    unchained: check?.unchained ?? 0,
    elsewhere_seq: check?.elsewhere ?? 0,
    findings,
  };
  return {
    ...facts,
    verdict: verdictOf(facts),
    checked_at: check?.checkedAt.toISOString() ?? null,
    through_at: check?.throughAt?.toISOString() ?? null,
    records: head && first ? head.seq - first.seq + 1 : 0,
    unchecked: (head?.seq ?? 0) - (check?.throughSeq ?? 0),
    since: first?.createdAt.toISOString() ?? null,
    checkpoint: checkpoint && typeof chain !== 'string' ? checkpointToWire(checkpoint, chain.signing) : null,
  };
}

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

/** Returns up to 100 organizations whose new records were last verified over 5 minutes ago, or the whole chain over a day ago; those with a deleted log included. */
export async function findDueChains(): Promise<string[]> {
  const rows = await db.$queryRaw<{ organization_id: string }[]>`
    SELECT organization_id FROM (SELECT id AS organization_id FROM organizations UNION SELECT organization_id FROM audit_heads) o
    LEFT JOIN audit_heads h USING (organization_id) LEFT JOIN audit_checks c USING (organization_id)
    WHERE c.checked_at IS NULL OR c.walked_at < now() - interval '1 day'
      OR (h.seq > c.through_seq AND c.checked_at < now() - interval '5 minutes' AND c.findings = '[]')
    ORDER BY c.checked_at NULLS FIRST LIMIT 100`;
  return rows.map((row) => row.organization_id);
}

/** Longer than a whole chain takes to read. */
const LEASE = Prisma.sql`interval '30 minutes'`;

/** Verifies the new part of a chain, or once a day all of it. */
export async function verifyDueChain(organizationId: string, workerId: string): Promise<void> {
  const [row] = await db.$queryRaw<{ is_fresh: boolean }[]>`
    SELECT walked_at >= now() - interval '1 day' AND findings = '[]' AS is_fresh FROM audit_checks WHERE organization_id = ${organizationId}`;
  const whole = row?.is_fresh !== true;
  await attemptWork('audit.verify', organizationId, workerId, (claim) => verifyAuditTrail(organizationId, { whole, claim }), LEASE);
}

/** Verifies the whole chain on request and records that it was requested. Throws validation_failed for another organization's checkpoint. */
export async function verifyNow(context: Context, { checkpoints }: VerifyAuditBody): Promise<AuditVerificationWire> {
  const verification = await verifyAuditTrail(context.organizationId, { checkpoints });
  const [finding] = verification.findings;
  const metadata = { through_seq: verification.through_seq, findings: verification.findings.length };
  await tryRecordAudit(context, { action: 'audit.verified', outcome: finding ? 'failed' : 'done', reason: finding?.detail, metadata });
  return describeVerification(context);
}
