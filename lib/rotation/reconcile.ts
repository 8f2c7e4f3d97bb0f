import { db } from '#lib/db.ts';
import { findDueRotations } from './claim.ts';
import { findDueVerifications } from './claim-verification.ts';
import { laneOf } from './target.ts';

interface DueItem {
  id: string;
  lane: string;
}

/**
 * All work that is due and that nobody does, read from our own tables alone: what a queue message has announced, what
 * a dead worker left behind, and what no message tells of because the queue was emptied.
 */
export async function findDueWork(workerId: string): Promise<Record<'rotations' | 'rescans' | 'verifications', DueItem[]>> {
  const [rotations, rescans, verifications] = await Promise.all([
    findDueRotations(workerId),
    db.rotation.findMany({ where: { state: 'completed', rescanAt: { lte: new Date() } }, select: { id: true, targetKey: true } }),
    findDueVerifications(workerId),
  ]);
  const withLane = ({ id, targetKey }: { id: string; targetKey: string }): DueItem => ({ id, lane: laneOf(targetKey) });
  return { rotations: rotations.map(withLane), rescans: rescans.map(withLane), verifications };
}
