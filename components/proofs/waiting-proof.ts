import { at, code, type Sentence, say } from '#components/ui/sentence.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import type { ProofSentence } from './proof-sentence.ts';
import { accepted, acceptedWhere, isUndoing, keepsOld, lastTime } from './rotation-facts.ts';

const START_WORKER = say`Start one with ${code('npm run worker')}, or restart ${code('npm start')}.`;

/** The sentence of what waits because no worker is running. */
export const waiting = (strong: Sentence, small: Sentence): ProofSentence => ({ tone: 'warn', mark: 'waiting', strong, small: say`${small} ${START_WORKER}` });

/** The sentence of a rotation that nobody works on: what was sent before, and how to start a worker. */
export function waitingProof(rotation: RotationWire): ProofSentence {
  const { kind, state, from_version: from, to_version: to, proofs } = rotation;
  if (kind === 'retire') return waiting(say`The current password works.`, say`No worker is running to end the old passwords.`);
  if (state === 'requested' || state === 'staged') {
    const next = state === 'requested' ? say`The rotation starts` : say`v${to} is stored here. The rotation continues`;
    return waiting(say`Nothing has been sent: no worker is running.`, say`v${from} stays the password. ${next} once a worker runs.`);
  }
  if (state === 'promoted') {
    const time = lastTime(proofs.new);
    const proven = say`v${to} logged in ${acceptedWhere(proofs.new)}${time === null ? [] : say` at ${at(time)}`}.`;
    return waiting(
      say`The new password works.`,
      say`${proven} No worker is running to check that v${from} is ${keepsOld(rotation) ? 'still accepted' : 'rejected'}.`,
    );
  }
  if (state === 'verifying' && !isUndoing(rotation)) {
    if (accepted(proofs.new?.direct))
      return waiting(
        say`The new password works directly.`,
        say`v${to} logged in at ${at(proofs.new.direct.at)}. No worker is running to verify the rest. Both are kept.`,
      );
    return waiting(say`The server acknowledged the change, but no worker is running to verify it.`, say`Both v${from} and v${to} are kept.`);
  }
  return waiting(say`Not known: either v${from} or v${to} works.`, say`No worker is running to check on the server. Both are kept.`);
}
