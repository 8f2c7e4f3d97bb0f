import { db } from '#lib/db.ts';
import { findDueRotations } from './claim.ts';
import { findDueVerifications } from './claim-verification.ts';
import { hasDueRetirement } from './request-retirement.ts';
import { laneOf, laneOfServer } from './target.ts';

interface DueItem {
  id: string;
  lane: string;
}

/**
 * All work that is due and that nobody does, read from our own tables alone: what a queue message has announced, what
 * a dead worker left behind, and what no message tells of because the queue was emptied. What the worker has `inHand`
 * is left out, or a thousand that wait for a dead server would hide the next one.
 */
export async function findDueWork(
  workerId: string,
  inHand: string[] = [],
): Promise<Record<'rotations' | 'rescans' | 'verifications' | 'retirements', DueItem[]>> {
  const [rotations, rescans, verifications, retirements] = await Promise.all([
    findDueRotations(workerId, inHand),
    db.rotation.findMany({ where: { state: 'completed', rescanAt: { lte: new Date() } }, select: { id: true, targetKey: true } }),
    findDueVerifications(workerId, inHand),
    db.database.findMany({
      where: { state: 'ready', ...hasDueRetirement() },
      select: { id: true, server: { select: { host: true, directPort: true } } },
    }),
  ]);
  const withLane = ({ id, targetKey }: { id: string; targetKey: string }): DueItem => ({ id, lane: laneOf(targetKey) });
  return {
    rotations: rotations.map(withLane),
    rescans: rescans.map(withLane),
    verifications,
    retirements: retirements.map(({ id, server }) => ({ id, lane: laneOfServer(server) })),
  };
}
