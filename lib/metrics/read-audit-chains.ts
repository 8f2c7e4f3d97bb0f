import { Prisma } from '#generated/prisma/client.ts';
import { ask } from '#lib/kernel/db.ts';
import { countByState, type Metric, single } from './metric.ts';

/** How the audit log's chains were found when they were last looked at. */
export async function readAuditChains(): Promise<Metric[]> {
  const rows = await ask<{ state: string; count: number; oldest: number }>(Prisma.sql`
    SELECT CASE WHEN c.organization_id IS NULL THEN 'unchecked' WHEN c.findings = '[]' THEN 'whole' ELSE 'broken' END AS state,
      count(*)::int AS count, extract(epoch FROM now() - min(coalesce(c.checked_at, o.created_at)))::float8 AS oldest
    FROM organizations o LEFT JOIN audit_heads h ON h.organization_id = o.id LEFT JOIN audit_checks c ON c.organization_id = o.id
    WHERE h.organization_id IS NOT NULL OR c.findings <> '[]'
    GROUP BY 1`);
  return [
    countByState('rekey_audit_chains', 'Chains of the audit log, by the result of their last verification.', ['whole', 'broken', 'unchecked'], rows),
    single(
      'rekey_audit_verification_age_seconds',
      'Time since the last verification of the chain that has waited longest; 0 if there is none.',
      Math.max(0, ...rows.map(({ oldest }) => oldest)),
    ),
  ];
}
