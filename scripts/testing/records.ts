import { expect, it } from 'vitest';
import type { Prisma } from '#generated/prisma/client.ts';
import type { AuditAction } from '#lib/contract/audit-actions.ts';
import { db } from '#lib/kernel/db.ts';

/** An action; where several places record it, with the file, or with the function if one file does so twice: `session.revoked (signOut)`. */
type Recorded = AuditAction | `${AuditAction} (${string})`;

/**
 * Tests, at the end of a file, that what its tests did from their entry points is in the audit log: the file has a
 * database of its own. A condition tells apart what two places record. `npm run audit:mutate` takes these tests as those
 * that cover each call that records.
 */
export function itRecords(...actions: (Recorded | [Recorded, Prisma.AuditEventWhereInput])[]): void {
  it.each(actions.map((one) => (typeof one === 'string' ? ([one, {}] as const) : one)))('records %s', async (recorded, where) => {
    const action = recorded.replace(/ \(.*/, '');
    expect(await db.auditEvent.findFirst({ where: { ...where, action }, select: { action: true } })).toEqual({ action });
  });
}
