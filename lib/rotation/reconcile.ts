import { db } from '#lib/db.ts';
import { findDueRotations } from './claim.ts';
import { findDueVerifications } from './claim-verification.ts';
import { hasDueRetirement } from './request-retirement.ts';
import { laneOfLogin } from './target.ts';

const ADDRESS = { host: true, directPort: true } as const;

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
    db.rotation.findMany({ where: { state: 'completed', rescanAt: { lte: new Date() } }, select: { id: true, database: { select: ADDRESS } } }),
    findDueVerifications(workerId, inHand),
    db.database.findMany({
      where: { state: 'ready', ...hasDueRetirement() },
      select: { id: true, ...ADDRESS },
    }),
  ]);
  const withLane = ({ id, ...login }: { id: string; host: string; directPort: number }): DueItem => ({ id, lane: laneOfLogin(login) });
  return {
    rotations: rotations.map(withLane),
    rescans: rescans.map(({ id, database }) => withLane({ id, ...database })),
    verifications,
    retirements: retirements.map(withLane),
  };
}
