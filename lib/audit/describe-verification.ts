import type { AuditFinding, AuditVerificationWire } from '#lib/contract/audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { loadChain } from './chain-key.ts';
import { checkpointToWire } from './checkpoint.ts';
import { verdictOf } from './verdict.ts';

/** What the last look at the organization's chain found, and what has come since. */
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
