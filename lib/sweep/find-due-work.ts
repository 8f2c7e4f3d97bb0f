import { findDueVerifications } from '#lib/checks/claim-verification.ts';
import { type Located, laneOfLogin } from '#lib/logins/target.ts';
import { findDueRotations } from '#lib/rotation/machine/claim.ts';
import { findDueRetirements } from '#lib/rotation/request/request-retirement.ts';
import { findDueRescans } from '#lib/rotation/sessions/rescan-sessions.ts';

const KINDS = ['rotations', 'rescans', 'verifications', 'retirements'] as const;
type Kind = (typeof KINDS)[number];

interface DueItem {
  id: string;
  lane: string;
}

/**
 * All pending work that no worker has claimed, read only from our own tables: work that a message announced, that a
 * dead worker left behind, or that lost its message when the queue was emptied. Work in `inHand` is left out, or a
 * thousand rotations that wait for a dead server would hide the next one. Only `kinds` are asked for.
 */
export async function findDueWork(workerId: string, inHand: string[] = [], kinds: ReadonlySet<string> = new Set(KINDS)): Promise<Record<Kind, DueItem[]>> {
  const [rotations, rescans, verifications, retirements] = await Promise.all([
    kinds.has('rotations') ? findDueRotations(workerId, inHand) : [],
    kinds.has('rescans') ? findDueRescans(workerId) : [],
    kinds.has('verifications') ? findDueVerifications(workerId, inHand) : [],
    kinds.has('retirements') ? findDueRetirements() : [],
  ]);
  const withLane = ({ id, ...login }: Located): DueItem => ({ id, lane: laneOfLogin(login) });
  return {
    rotations: rotations.map(withLane),
    rescans: rescans.map(withLane),
    verifications,
    retirements: retirements.map(withLane),
  };
}
