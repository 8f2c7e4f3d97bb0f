import { at, type Sentence, say } from '#components/ui/sentence.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import { failedProof } from './failed-proof.ts';
import type { ProofSentence } from './proof-sentence.ts';
import { accepted, acceptedWhere, isUndoing, keepsOld, lastTime } from './rotation-facts.ts';
import type { Work } from './running-words.ts';
import { waitingProof } from './waiting-proof.ts';

const sessionsLeft = ({ sessions_left: left, from_version: from }: RotationWire): Sentence => {
  if (left === null || left === 0) return [];
  return left === 1 ? say` 1 session opened with v${from} is still open.` : say` ${left} sessions opened with v${from} are still open.`;
};

/** Until when the old password works beside the new one, or that it has ended since. */
function keptUntil({ from_version: from, retirement, retire_at: retireAt, is_old_retired: isRetired }: RotationWire): Sentence {
  if (isRetired) return say`v${from} has ended since.`;
  if (retireAt !== null) return say`v${from} ends at ${at(retireAt)}.`;
  return retirement === 'on_deploy' ? say`v${from} is kept until a deployment with a newer one succeeds.` : [];
}

function completedProof(rotation: RotationWire): ProofSentence {
  const { kind, from_version: from, to_version: to, proofs, has_pooler: hasPooler, keeps, is_old_retired: isOldRetired } = rotation;
  const time = lastTime(proofs.old) ?? lastTime(proofs.new);
  const places = hasPooler ? ', direct and pooled' : '';
  const when = time === null ? [] : say`, at ${at(time)}`;
  if (kind === 'retire') {
    const strong = keeps.length === 0 ? say`Only the current password works.` : say`The old passwords to be ended have ended.`;
    return { tone: 'ok', mark: 'proven', strong, small: say`v${to} logged in and the ended ones were rejected${places}${when}.` };
  }
  if (keepsOld(rotation)) {
    const strong = isOldRetired ? say`The new password works.` : say`Both passwords work.`;
    return {
      tone: isOldRetired ? 'ok' : 'info',
      mark: 'proven',
      strong,
      small: say`v${to} and v${from} logged in${places}${when}. ${keptUntil(rotation)}${sessionsLeft(rotation)}`,
    };
  }
  return {
    tone: 'ok',
    mark: 'proven',
    strong: say`Only the new password works.`,
    small: say`v${to} logged in and v${from} was rejected${places}${when}.${sessionsLeft(rotation)}`,
  };
}

function attentionProof({ from_version: from, to_version: to, error_code: errorCode, proofs }: RotationWire): ProofSentence {
  if (errorCode === 'both_refused' || (proofs.old?.direct?.verdict === 'refused' && proofs.new?.direct?.verdict === 'refused')) {
    return {
      tone: 'danger',
      mark: 'refused',
      strong: say`Neither v${from} nor v${to} is accepted.`,
      small: say`Someone else changed the password on the server. Both are kept, nothing is overwritten.`,
    };
  }
  if (accepted(proofs.new?.direct)) {
    return {
      tone: 'warn',
      mark: 'unknown',
      strong: say`The new password works directly. Not known: whether v${from} still does.`,
      small: say`v${to} logged in at ${at(proofs.new.direct.at)}. Both are kept, nothing is overwritten.`,
    };
  }
  return {
    tone: 'warn',
    mark: 'unknown',
    strong: say`Not known: either v${from} or v${to} works.`,
    small: say`The change may have reached the server, and no login has proven it yet. Both are kept, nothing is overwritten.`,
  };
}

function runningProof(rotation: RotationWire): ProofSentence {
  const { from_version: from, to_version: to, proofs, has_pooler: hasPooler } = rotation;
  const running = (strong: Sentence, small: Sentence): ProofSentence => ({ tone: 'accent', mark: 'running', strong, small });
  if (rotation.kind === 'retire') return running(say`The current password works.`, say`v${to} stays. Old passwords are being ended.`);
  if (isUndoing(rotation)) return running(say`The old password is being restored.`, say`The new one was rejected. Both are kept until v${from} has logged in.`);
  switch (rotation.state) {
    case 'requested':
    case 'staged': {
      const time = lastTime(proofs.old);
      const isStored = rotation.state === 'staged';
      if (time === null || !accepted(proofs.old?.direct))
        return running(say`Nothing has been sent yet.`, isStored ? say`v${to} is stored here.` : say`Checking that v${from} logs in.`);
      const next = isStored ? say`v${to} is stored here. The server is not touched yet.` : say`Nothing has been sent yet.`;
      return running(say`The old password works.`, say`v${from} logged in at ${at(time)}. ${next}`);
    }
    case 'applying':
      return running(say`The new password is being sent.`, say`Until it logs in, v${from} or v${to} works. Both are kept.`);
    case 'verifying':
      if (!accepted(proofs.new?.direct)) return running(say`The server acknowledged the change.`, say`Logging in with v${to}. Both are kept.`);
      if (hasPooler && !accepted(proofs.new.pooled))
        return running(say`The new password works directly.`, say`Trying the pooler. The old one is still kept, so this can be undone.`);
      return running(say`The new password works.`, say`v${to} logged in at ${at(proofs.new.direct.at)}. The old one is still kept, so this can be undone.`);
    default: {
      const time = lastTime(proofs.new);
      return running(
        say`The new password works.`,
        say`v${to} logged in ${acceptedWhere(proofs.new)}${time === null ? [] : say` at ${at(time)}`}. Checking that v${from} is ${keepsOld(rotation) ? 'still accepted' : 'rejected'}.`,
      );
    }
  }
}

/** The sentence of one rotation, as its own page shows it. */
export function rotationProof(rotation: RotationWire, work: Work = 'running'): ProofSentence {
  const { state, from_version: from } = rotation;
  if (state === 'completed') return completedProof(rotation);
  if (state === 'failed') return failedProof(rotation);
  if (work === 'no_worker') return waitingProof(rotation);
  if (work === 'queued' && state === 'requested' && rotation.kind === 'rotate')
    return { tone: 'accent', mark: 'running', strong: say`Nothing has been sent yet.`, small: say`Waiting for a worker. v${from} stays the password.` };
  switch (state) {
    case 'needs_attention':
      return attentionProof(rotation);
    default:
      return runningProof(rotation);
  }
}
