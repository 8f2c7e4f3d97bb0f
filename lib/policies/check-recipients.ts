import type { Tx } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';

/** Throws validation_failed for `notify` where one of these is no member of the organization. */
export async function checkRecipients(tx: Tx, organizationId: string, userIds: string[]): Promise<void> {
  const unique = [...new Set(userIds)];
  if (unique.length === 0) return;
  const members = await tx.member.count({ where: { organizationId, userId: { in: unique } } });
  if (members < unique.length) throw invalidField('notify', 'Choose members of the organization. Nothing was changed.');
}
