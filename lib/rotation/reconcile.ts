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
 * All pending work that no worker has claimed, read only from our own tables: work that a message announced, that a
 * dead worker left behind, or that lost its message when the queue was emptied. Work in `inHand` is left out, or a
 * thousand rotations that wait for a dead server would hide the next one.
 */
export async function findDueWork(
  workerId: string,
  inHand: string[] = [],
): Promise<Record<'rotations' | 'rescans' | 'verifications' | 'retirements', DueItem[]>> {
  const [rotations, rescans, verifications, retirements] = await Promise.all([
    findDueRotations(workerId, inHand),
    findDueRescans(workerId),
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
