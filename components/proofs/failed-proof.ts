import { at, say } from '#components/ui/sentence.ts';
import type { RotationWire } from '#lib/contract/job.ts';
import type { ProofSentence } from './proof-sentence.ts';
import { accepted, acceptedWhere, lastTime, wasSuperseded, wasUndone } from './rotation-facts.ts';

/** Codes that say nothing about the password. */
const NO_ANSWER: ReadonlySet<string> = new Set([
  'host_not_found',
  'server_unreachable',
  'connection_cut',
  'timed_out',
  'tls_refused',
  'tls_untrusted',
  'server_full',
  'server_starting',
]);

/** The sentence of a rotation that failed: the change was never sent, or the old password is proven again. */
export function failedProof(rotation: RotationWire): ProofSentence {
  const { from_version: from, to_version: to, proofs, error_code: errorCode } = rotation;
  if (wasSuperseded(rotation)) {
    return {
      tone: 'warn',
      mark: 'unknown',
      strong: say`Never settled: another password was entered.`,
      small: say`Whether v${from} or v${to} worked was not proven. A separate job checks the password entered since.`,
    };
  }
  if (accepted(proofs.old?.direct) || accepted(proofs.old?.pooled)) {
    const time = lastTime(proofs.old);
    const proven = time === null ? [] : say`, proven at ${at(time)}`;
    return {
      tone: 'ok-quiet',
      mark: 'proven',
      strong: wasUndone(rotation) ? say`Undone: the old password works again${proven}.` : say`Nothing changed: the old password still works${proven}.`,
      small: say`v${from} logged in ${acceptedWhere(proofs.old)}.`,
    };
  }
  if (errorCode === 'current_password_refused') {
    return {
      tone: 'danger',
      mark: 'refused',
      strong: say`The server rejects v${from}, the stored password.`,
      small: say`Rekey changed nothing. Someone else changed the password on the server.`,
    };
  }
  if (errorCode === 'target_unverifiable') {
    return {
      tone: 'warn',
      mark: 'unknown',
      strong: say`Nothing changed: no password can be verified here.`,
      small: say`The server accepted a random wrong password, so v${from} was left as it is.`,
    };
  }
  if (errorCode !== null && NO_ANSWER.has(errorCode)) {
    return {
      tone: 'warn',
      mark: 'unreachable',
      strong: say`Nothing was sent: the server did not answer.`,
      small: say`v${from} stays the password. An unreachable server says nothing about it.`,
    };
  }
  return {
    tone: 'warn',
    mark: 'unknown',
    strong: say`Nothing changed: the new password was never sent.`,
    small: say`v${from} stays the password. Check it under Connections to see that it works.`,
  };
}
