import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { AuditRecordAnswer } from '#lib/contract/audit.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { loadChain } from './chain-key.ts';
import { describeVerification } from './describe-verification.ts';
import { type AuditRow, isGenuine, recordOf } from './record.ts';

/** A record as it stands, and whether it is in its place in the chain. Throws not_found. */
export async function getAuditEvent(context: Context, eventId: string): Promise<AuditRecordAnswer> {
  const { organizationId } = context;
  const reachable = reachableProjects(context);
  const rows = await db.$queryRaw<AuditRow[]>`
    SELECT n.* FROM audit_events e JOIN audit_events n ON n.organization_id = e.organization_id AND n.seq BETWEEN e.seq - 1 AND e.seq + 1
    WHERE e.id = ${eventId} AND e.organization_id = ${organizationId}`;
  const record = rows.map(recordOf).find(({ id }) => id === eventId);
  if (!record || !(reachable === null || reachable.includes(record.project_id ?? ''))) throw notFound('audit event');
  const beside = (by: number) => rows.find(({ seq }) => seq === record.seq + by);
  const [previous, next] = [beside(-1), beside(1)];
  const [chain, verification, head, seal] = await Promise.all([
    loadChain(organizationId),
    describeVerification(context),
    db.auditHead.findUnique({ where: { organizationId } }),
    db.auditCheckpoint.findFirst({ where: { organizationId, isSeal: true, seq: record.seq - 1 } }),
  ]);
  const isLinked = record.previous_hmac === (previous?.hmac ?? seal?.hmac ?? '') && record.hmac === (next ? next.previous_hmac : head?.hmac);
  const hasKeys = typeof chain !== 'string';
  const isOlder = hasKeys && record.hmac === '' && record.seq < chain.firstSeq;
  return {
    audit_event: record,
    place: {
      is_in_place: isOlder ? null : isLinked && hasKeys && isGenuine(record, chain.mac),
      // Who may see some projects only is not led out of them.
      previous_id: (reachable === null && previous?.id) || null,
      next_id: (reachable === null && next?.id) || null,
      is_checked: record.seq <= verification.through_seq,
    },
    verification,
  };
}
