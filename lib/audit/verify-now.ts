import type { AuditVerificationWire, VerifyAuditBody } from '#lib/contract/audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { describeVerification } from './describe-verification.ts';
import { tryRecordAudit } from './try-record-audit.ts';
import { verifyAuditTrail } from './verify-audit-trail.ts';

/** Verifies the whole chain because somebody asks, which is on record itself. Throws validation_failed for a foreign checkpoint. */
export async function verifyNow(context: Context, { checkpoints }: VerifyAuditBody): Promise<AuditVerificationWire> {
  const verification = await verifyAuditTrail(context.organizationId, { checkpoints });
  const [finding] = verification.findings;
  const metadata = { through_seq: verification.through_seq, findings: verification.findings.length };
  await tryRecordAudit(context, { action: 'audit.verified', outcome: finding ? 'failed' : 'done', reason: finding?.detail, metadata });
  return describeVerification(context);
}
