import { recordAudit } from '#lib/audit/record-audit.ts';
import type { DepartureWire } from '#lib/contract/member.ts';
import { askRotations } from '#lib/departures/ask-rotations.ts';
import { type DepartureRow, loadDeparture } from '#lib/departures/load-departure.ts';
import { openDeparture } from '#lib/departures/open-departure.ts';
import { departureToWire } from '#lib/departures/to-wire.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { wake } from '#lib/queue/wake.ts';
import { endAccess } from './end-access.ts';
import { lockMember } from './lock-member.ts';
import { refuseTouchingOwner } from './may-give.ts';

/**
 * Removes a member. Their sessions and the keys they made are dead from the next request on; their login is forgotten
 * where no other organization knows it. Answers what they had seen that still counts, null where that is nothing;
 * `rotateSeen` has it rotated.
 * @throws {DomainError} not_found, forbidden for an owner where the asker is none, validation_failed for the last owner
 */
export async function removeMember(context: Context, userId: string, { rotateSeen }: { rotateSeen: boolean }): Promise<DepartureWire | null> {
  const { organizationId } = context;
  const { departure, told } = await db.$transaction(async (tx) => {
    const { member, isLastOwner } = await lockMember(tx, context, userId);
    refuseTouchingOwner(context, member.role);
    if (isLastOwner) throw invalidField('member_id', 'One owner must remain. Make another member an owner first.');
    const ended = await endAccess(tx, context, userId);
    await tx.member.delete({ where: { organizationId_userId: { organizationId, userId } } });
    await tx.user.deleteMany({ where: { id: userId, members: { none: {} } } });
    const { email } = member.user;
    await recordAudit(tx, context, {
      action: 'member.removed',
      target: { type: 'member', id: userId, name: email },
      metadata: { user_id: userId, email, role: member.role, sessions_ended: ended.sessions, api_keys_revoked: ended.apiKeys },
    });
    const departureId = await openDeparture(tx, context, { userId, email });
    if (departureId !== null && rotateSeen) await askRotations(tx, context, departureId);
    const opened: DepartureRow | null = departureId === null ? null : await loadDeparture(context, departureId, tx);
    return { departure: opened, told: ended.told };
  });
  await wakeDeliveries(told);
  if (departure && rotateSeen) void wake('departure.run', { departureId: departure.id });
  return departure && departureToWire(departure);
}
