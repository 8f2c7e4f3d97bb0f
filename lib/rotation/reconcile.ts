import { findDueRotations } from './claim.ts';
import { findDueVerifications } from './claim-verification.ts';
import { findDueRetirements } from './request-retirement.ts';
import { findDueRescans } from './rescan-sessions.ts';
import { type Located, laneOfLogin } from './target.ts';

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
    findDueRescans(),
    findDueVerifications(workerId, inHand),
    findDueRetirements(),
  ]);
  const withLane = ({ id, ...login }: Located): DueItem => ({ id, lane: laneOfLogin(login) });
  return {
    rotations: rotations.map(withLane),
    rescans: rescans.map(withLane),
    verifications,
    retirements: retirements.map(withLane),
  };
}
