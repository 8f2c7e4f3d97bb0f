import { describe, expect, it } from 'vitest';
import { RotationState } from '#generated/prisma/enums.ts';
import { isFinal, LIVE_STATES, mayHaveBeenSent, mayMove } from './states.ts';

const ALL = Object.values(RotationState);
const followers = (state: RotationState) => ALL.filter((next) => mayMove(state, next));

/** All states that can follow, however many moves later. */
function reachable(from: RotationState): Set<RotationState> {
  const seen = new Set<RotationState>();
  const open = [from];
  for (let state = open.pop(); state; state = open.pop()) {
    for (const next of followers(state)) {
      if (!seen.has(next)) open.push(next);
      seen.add(next);
    }
  }
  return seen;
}

describe('the states of a rotation', () => {
  it('are live or final; the live ones match the index that allows one per login', () => {
    expect(ALL.filter(isFinal)).toEqual(['completed', 'failed']);
    expect(LIVE_STATES).toEqual(['requested', 'staged', 'applying', 'verifying', 'promoted', 'needs_attention']);
  });

  it.each(LIVE_STATES)('%s can come to an end', (state) => {
    expect([...reachable(state)].some(isFinal)).toBe(true);
  });

  it.each(ALL.filter(isFinal))('nothing leaves %s', (state) => {
    expect(followers(state)).toEqual([]);
  });

  it('are all reached from requested', () => {
    expect(ALL.filter((state) => state !== 'requested' && !reachable('requested').has(state))).toEqual([]);
  });

  it('completed only follows a proof of the new password, never just a change', () => {
    expect(ALL.filter((state) => mayMove(state, 'completed'))).toEqual(['promoted', 'needs_attention']);
    expect(ALL.filter((state) => mayMove(state, 'promoted'))).toEqual(['verifying']);
  });

  it('a promoted rotation never fails: Rekey no longer hands out its old password', () => {
    expect(mayMove('promoted', 'failed')).toBe(false);
  });

  it('a state after sending never moves to one before sending', () => {
    for (const from of ALL.filter(mayHaveBeenSent)) expect([from, followers(from).filter((next) => !mayHaveBeenSent(next))]).toEqual([from, []]);
  });

  it('only states after sending may need attention', () => {
    expect(ALL.filter((state) => mayMove(state, 'needs_attention')).every(mayHaveBeenSent)).toBe(true);
  });
});
