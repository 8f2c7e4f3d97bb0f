import type { RotationState } from '#generated/prisma/enums.ts';

/** Which state may follow which: `move.ts` allows nothing else. */
const NEXT = {
  requested: ['staged', 'failed'],
  staged: ['applying', 'failed'],
  applying: ['applying', 'verifying', 'needs_attention', 'failed'],
  verifying: ['applying', 'promoted', 'needs_attention', 'failed'],
  promoted: ['completed', 'needs_attention'],
  needs_attention: ['applying', 'verifying', 'completed', 'failed'],
  completed: [],
  failed: [],
} as const satisfies Record<RotationState, readonly RotationState[]>;

export const mayMove = (from: RotationState, to: RotationState): boolean => (NEXT[from] as readonly RotationState[]).includes(to);

/** Whether the rotation has ended. */
export const isFinal = (state: RotationState): boolean => NEXT[state].length === 0;

export const LIVE_STATES = (Object.keys(NEXT) as RotationState[]).filter((state) => !isFinal(state));

/** Whether the server may have received the new password: from here on a missing answer is not a failure. */
export function mayHaveBeenSent(state: RotationState): boolean {
  switch (state) {
    case 'requested':
    case 'staged':
      return false;
    case 'applying':
    case 'verifying':
    case 'promoted':
    case 'needs_attention':
    case 'completed':
    case 'failed':
      return true;
  }
}
