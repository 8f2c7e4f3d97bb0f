import { authorize } from '#lib/access/authorize.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { takeOver } from '#lib/queue/claim.ts';
import { AWAITS_DEPLOYMENT, loadDeparture, type SeenRow, stillCounts } from './load-departure.ts';

/**
 * Asks, inside a transaction, for a rotation of all that somebody had seen and that still counts; what is being rotated
 * goes on. Wake a worker after the commit. Throws forbidden for who may not rotate.
 */
export async function askRotations(tx: Tx, context: Context, id: string): Promise<void> {
  authorize(context, 'credentials.rotate');
  // What a worker has read of the departure until now is out of date.
  await takeOver('departure.run', id, tx);
  await tx.$queryRaw`SELECT FROM departures WHERE id = ${id} FOR UPDATE`;
  const { email, credentials } = await loadDeparture(context, id, tx);
  const isIdle = (one: SeenRow) => one.requestedAt === null || (one.endedAt !== null && one.errorCode !== AWAITS_DEPLOYMENT);
  const asked = credentials.filter((one) => stillCounts(one) && isIdle(one));
  if (asked.length === 0) return;
  const now = storeTime();
  await tx.departureCredential.updateMany({
    where: { departureId: id, databaseId: { in: asked.map(({ databaseId }) => databaseId) } },
    data: { requestedAt: now, nextAttemptAt: now, jobId: null, errorCode: null, endedAt: null },
  });
  await tx.departure.update({ where: { id }, data: { requestedBy: context.actor.name, finishedAt: null } });
  await recordAudit(tx, context, {
    action: 'member.departure_requested',
    target: { type: 'departure', id, name: email },
    metadata: { departure_id: id, email, credentials: asked.length },
  });
}
