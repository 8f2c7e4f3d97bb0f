import type { KeyObject } from 'node:crypto';
import type { Prisma } from '#generated/prisma/client.ts';
import { systemContext } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { invalidField } from '#lib/errors.ts';
import type { AuditCheckpointWire, AuditFinding, AuditVerificationWire } from '#lib/http/wire/audit.ts';
import { chainKeys } from './chain-key.ts';
import { checkpointToWire, isSigned } from './checkpoint.ts';
import { describeVerification } from './describe-verification.ts';
import { ChainJudge, type ChainStart, type Mark } from './judge-chain.ts';
import { readChain } from './read-chain.ts';
import { tryRecordAudit } from './try-record-audit.ts';
import { writeCheckpoint } from './write-checkpoint.ts';

const FINDINGS = 100;
/** A number above all others: records put in after the head are read too. */
const LAST_SEQ = 2 ** 31 - 1;
const CHECKPOINT_EVERY_MS = 3_600_000;
const NOTHING: ChainStart = { seq: 0, hmac: '' };

interface Options {
  /** False: only what came after the last checkpoint. */
  whole?: boolean;
  /** Checkpoints kept elsewhere. */
  checkpoints?: AuditCheckpointWire[] | undefined;
}

const markOf = ({ seq, hmac, number }: AuditCheckpointWire, where: string): Mark => ({ seq, hmac, name: `${where} ${number}` });

function checkOutside(organizationId: string, checkpoints: AuditCheckpointWire[], key: KeyObject): Mark[] {
  if (checkpoints.some((one) => one.organization_id !== organizationId || !isSigned(one, key)))
    throw invalidField('checkpoints', 'One of them was not signed for this organization, or was changed. Send them as they were exported.');
  return checkpoints.map((one) => markOf(one, 'the checkpoint kept elsewhere,'));
}

/** Where the reading begins: after the seal before the first record that is left, or at the beginning. */
async function startOf(organizationId: string, signed: AuditCheckpointWire[], headSeq: number): Promise<ChainStart> {
  const first = await db.auditEvent.findFirst({ where: { organizationId }, orderBy: { seq: 'asc' }, select: { seq: true } });
  const before = first ? first.seq - 1 : headSeq;
  return signed.find(({ is_seal: isSeal, seq }) => isSeal && seq === before) ?? NOTHING;
}

/** Records that the head of the chain does not know of, in one look at both. */
async function findPastHead(organizationId: string): Promise<AuditFinding[]> {
  const rows = await db.$queryRaw<{ seq: number; id: string }[]>`
    SELECT e.seq, e.id FROM audit_events e LEFT JOIN audit_heads h USING (organization_id)
    WHERE e.organization_id = ${organizationId} AND (h.seq IS NULL OR e.seq > h.seq) ORDER BY e.seq LIMIT ${FINDINGS}`;
  return rows.map(({ seq, id }) => ({ kind: 'inserted', seq, id, detail: `Record ${seq} (${id}) was put in: the head of the chain does not know of it.` }));
}

/**
 * Reads an organization's chain and finds what was edited, inserted, deleted, cut off or replaced, and where. What it
 * found is kept for `describeVerification`; where all is whole that is signed as a checkpoint, once an hour where only
 * what is new was read.
 * @throws {DomainError} validation_failed for a checkpoint that is not the organization's own
 */
export async function verifyAuditTrail(organizationId: string, { whole = true, checkpoints = [] }: Options = {}): Promise<AuditVerificationWire> {
  const { mac, signing } = await chainKeys(db, organizationId);
  const outside = checkOutside(organizationId, checkpoints, signing);
  const [before, head, rows] = await Promise.all([
    db.auditCheck.findUnique({ where: { organizationId } }),
    db.auditHead.findUnique({ where: { organizationId } }),
    db.auditCheckpoint.findMany({ where: { organizationId }, orderBy: { number: 'asc' } }),
  ]);
  const stored = rows.map((row) => checkpointToWire(row, signing));
  const signed = stored.filter((one) => isSigned(one, signing));
  const start = (whole ? undefined : signed.at(-1)) ?? (await startOf(organizationId, signed, head?.seq ?? 0));
  const marks = [
    ...(head && head.hmac !== '' ? [{ seq: head.seq, hmac: head.hmac, name: 'the head of the chain' }] : []),
    ...signed.map((one) => markOf(one, 'checkpoint')),
    ...outside,
  ].filter(({ seq }) => seq > start.seq);

  const judge = new ChainJudge(mac, start, marks);
  const unsigned = stored.find((one) => !signed.includes(one));
  // Read to the head as it stood: what comes meanwhile is the next look's.
  for await (const page of readChain(organizationId, start.seq, head?.seq ?? LAST_SEQ)) for (const record of page) judge.read(record);
  judge.end();
  const all = [...judge.findings, ...(await findPastHead(organizationId))];
  if (unsigned) all.unshift({ kind: 'replaced', seq: unsigned.seq, detail: `Checkpoint ${unsigned.number} was not signed by this organization’s key.` });
  const findings = all.slice(0, FINDINGS);

  const now = new Date();
  const found = {
    checkedAt: now,
    ...(whole && { walkedAt: now, unchained: judge.unchained }),
    throughSeq: head?.seq ?? 0,
    throughAt: judge.last ? new Date(judge.last.created_at) : (before?.throughAt ?? null),
    records: judge.records,
    findings: findings as unknown as Prisma.InputJsonArray,
  };
  await db.auditCheck.upsert({ where: { organizationId }, update: found, create: { organizationId, walkedAt: now, unchained: judge.unchained, ...found } });
  const [first] = findings;
  const wasWhole = before === null || (before.findings as unknown[]).length === 0;
  if (first && wasWhole) {
    const metadata = { findings: all.length, kind: first.kind, seq: first.seq };
    await tryRecordAudit(systemContext(organizationId), { action: 'audit.chain_broken', reason: first.detail, metadata });
  }
  const latest = stored.at(-1);
  const isDue = whole || !latest || now.getTime() - Date.parse(latest.created_at) >= CHECKPOINT_EVERY_MS;
  if (findings.length === 0 && head && head.hmac !== '' && head.seq > (latest?.seq ?? 0) && isDue)
    await writeCheckpoint(organizationId, head, { isSeal: false });
  return describeVerification({ organizationId });
}
