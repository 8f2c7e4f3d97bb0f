import { Prisma } from '#generated/prisma/client.ts';
import { db } from '#lib/kernel/db.ts';
import { attemptWork } from '#lib/queue/claim.ts';
import { verifyAuditTrail } from './verify-audit-trail.ts';

/** Organizations, also those whose log is gone, whose new records nobody has looked at for 5 minutes, or whose whole chain nobody has read for a day. */
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

/** Looks at a chain again: at what is new, or once a day at all of it. */
export async function verifyDueChain(organizationId: string, workerId: string): Promise<void> {
  const [row] = await db.$queryRaw<{ is_fresh: boolean }[]>`
    SELECT walked_at >= now() - interval '1 day' AND findings = '[]' AS is_fresh FROM audit_checks WHERE organization_id = ${organizationId}`;
  const whole = row?.is_fresh !== true;
  await attemptWork('audit.verify', organizationId, workerId, (claim) => verifyAuditTrail(organizationId, { whole, claim }), LEASE);
}
