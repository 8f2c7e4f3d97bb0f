import type { JobWire, ProofWire, RotationWire } from '#lib/http/wire/job.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { at, code, type Sentence, say } from './sentence.ts';

/** Which password works now, and how that is known. The tone speaks of the password, never of the job. */
export interface ProofSentence {
  tone: 'ok-quiet' | 'ok' | 'accent' | 'info' | 'warn' | 'danger';
  mark: 'proven' | 'running' | 'unknown' | 'unreachable' | 'refused';
  strong: Sentence;
  small: Sentence;
}

type Endpoints = RotationWire['proofs']['new'];
const accepted = (proof: ProofWire | undefined): proof is ProofWire & { verdict: 'accepted' } => proof?.verdict === 'accepted';

const later = (a: string, b: string): string => (Date.parse(a) >= Date.parse(b) ? a : b);
const lastTime = (proofs: Endpoints): string | null => {
  const times = [proofs?.direct?.at, proofs?.pooled?.at].filter((time) => time !== undefined);
  return times.length === 0 ? null : times.reduce(later);
};

const where = (proofs: Endpoints): string => (accepted(proofs?.direct) ? (accepted(proofs?.pooled) ? 'directly and through the pooler' : 'directly') : 'through the pooler');

const sessionsLeft = ({ sessions_left: left, from_version: from }: RotationWire): Sentence => {
  if (left === null || left === 0) return [];
  return left === 1 ? say` 1 session opened with v${from} is still open.` : say` ${left} sessions opened with v${from} are still open.`;
};

function completedProof(rotation: RotationWire): ProofSentence {
  const { from_version: from, to_version: to, proofs, has_pooler: hasPooler } = rotation;
  const time = lastTime(proofs.old) ?? lastTime(proofs.new);
  const places = hasPooler ? ', direct and pooled' : '';
  const when = time === null ? [] : say`, at ${at(time)}`;
  return {
    tone: 'ok',
    mark: 'proven',
    strong: say`Only the new password works.`,
    small: say`v${to} logged in and v${from} was refused${places}${when}.${sessionsLeft(rotation)}`,
  };
}

/** Whether the change reached the server and was taken back. */
export const wasUndone = ({ steps }: RotationWire): boolean => steps.some(({ kind }) => kind === 'undone');

/** Codes that say nothing about the password. */
const NO_ANSWER: ReadonlySet<string> = new Set(['host_not_found', 'server_unreachable', 'connection_cut', 'timed_out', 'tls_refused', 'tls_untrusted', 'server_full', 'server_starting']);

function failedProof(rotation: RotationWire): ProofSentence {
  const { from_version: from, proofs, error_code: errorCode } = rotation;
  if (accepted(proofs.old?.direct) || accepted(proofs.old?.pooled)) {
    const time = lastTime(proofs.old);
    const proven = time === null ? [] : say`, proven at ${at(time)}`;
    return {
      tone: 'ok-quiet',
      mark: 'proven',
      strong: wasUndone(rotation) ? say`Taken back: the old password works again${proven}.` : say`Nothing changed: the old password still works${proven}.`,
      small: say`v${from} logged in ${where(proofs.old)}.`,
    };
  }
  if (errorCode === 'current_password_refused') {
    return {
      tone: 'danger',
      mark: 'refused',
      strong: say`The server refuses v${from}, the password that Rekey keeps.`,
      small: say`Rekey changed nothing. Somebody else changed it on the server.`,
    };
  }
  if (errorCode === 'target_unverifiable') {
    return { tone: 'warn', mark: 'unknown', strong: say`Nothing changed: no password can be proven here.`, small: say`The server accepted a random wrong one, so v${from} was left as it is.` };
  }
  if (errorCode !== null && NO_ANSWER.has(errorCode)) {
    return {
      tone: 'warn',
      mark: 'unreachable',
      strong: say`Nothing was sent: the server did not answer.`,
      small: say`v${from} stays the password. An unreachable server says nothing about it.`,
    };
  }
  return { tone: 'warn', mark: 'unknown', strong: say`Nothing changed: the new password was never sent.`, small: say`v${from} stays the password. Prove again under Connections to see that it works.` };
}

function attentionProof({ from_version: from, to_version: to, error_code: errorCode, proofs }: RotationWire): ProofSentence {
  if (errorCode === 'both_refused' || (proofs.old?.direct?.verdict === 'refused' && proofs.new?.direct?.verdict === 'refused')) {
    return {
      tone: 'danger',
      mark: 'refused',
      strong: say`Neither v${from} nor v${to} is accepted.`,
      small: say`Somebody else changed the password on the server. Both are kept, nothing is overwritten.`,
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

/** Whether the old password is being put back. */
export const isUndoing = ({ state, steps }: RotationWire): boolean =>
  state !== 'failed' && state !== 'completed' && steps.findLastIndex(({ kind }) => kind === 'undoing') > steps.findLastIndex(({ kind }) => kind === 'undone');

function runningProof(rotation: RotationWire): ProofSentence {
  const { from_version: from, to_version: to, proofs, has_pooler: hasPooler } = rotation;
  const running = (strong: Sentence, small: Sentence): ProofSentence => ({ tone: 'accent', mark: 'running', strong, small });
  if (isUndoing(rotation)) return running(say`The old password is being put back.`, say`The new one was refused. Both are kept until v${from} has logged in.`);
  switch (rotation.state) {
    case 'requested':
    case 'staged': {
      const time = lastTime(proofs.old);
      const proven = time === null || !accepted(proofs.old?.direct) ? [] : say`v${from} logged in at ${at(time)}. `;
      return running(
        say`The old password works.`,
        rotation.state === 'requested' ? say`${proven}Looking at the server. Nothing is changed yet.` : say`${proven}v${to} is stored here. The server is not touched yet.`,
      );
    }
    case 'applying':
      return running(say`The new password is being sent.`, say`Until it logs in, v${from} or v${to} works. Both are kept.`);
    case 'verifying':
      if (!accepted(proofs.new?.direct)) return running(say`The server took the change.`, say`Logging in with v${to}. Both are kept.`);
      if (hasPooler && !accepted(proofs.new.pooled)) return running(say`The new password works directly.`, say`Asking the pooler. The old one is still kept, so this can be undone.`);
      return running(say`The new password works.`, say`v${to} logged in at ${at(proofs.new.direct.at)}. The old one is still kept, so this can be undone.`);
    default: {
      const time = lastTime(proofs.new);
      return running(
        say`The new password works.`,
        say`v${to} logged in ${where(proofs.new)}${time === null ? [] : say` at ${at(time)}`}. Asking whether v${from} is refused.`,
      );
    }
  }
}

/** The sentence of one rotation, as its own page shows it. */
export function rotationProof(rotation: RotationWire): ProofSentence {
  switch (rotation.state) {
    case 'completed':
      return completedProof(rotation);
    case 'failed':
      return failedProof(rotation);
    case 'needs_attention':
      return attentionProof(rotation);
    default:
      return runningProof(rotation);
  }
}

const isNewer = (job: JobWire, provenAt: string | null): boolean => provenAt === null || Date.parse(job.completed_at ?? job.updated_at) > Date.parse(provenAt);
const isOpen = (job: JobWire | null): job is JobWire => job?.state === 'queued' || job?.state === 'running';

function steadyProof({ credential, pooled_port: pooledPort, rotated_at: rotatedAt }: ProjectWire, directAt: string): ProofSentence {
  const adopted = rotatedAt === null && credential.version === 1;
  const pooled = pooledPort !== null && credential.pooled_proven_at !== null ? say` and through the pooler at ${at(credential.pooled_proven_at)}` : [];
  return {
    tone: 'ok-quiet',
    mark: 'proven',
    strong: adopted ? say`The password you gave us works.` : say`The current password works.`,
    small: say`v${credential.version} logged in directly at ${at(directAt)}${pooled}.${adopted ? ' Nothing was changed.' : ''}`,
  };
}

function notProven({ credential: { version, direct_proven_at: provenAt }, public_host: host }: ProjectWire, job: JobWire): ProofSentence {
  const time = at(job.completed_at ?? job.updated_at);
  const last = provenAt === null ? say`v${version} has never logged in here.` : say`v${version} was last proven at ${at(provenAt)}.`;
  switch (kindOfRefusal(job.error)) {
    case 'server':
      return { tone: 'danger', mark: 'refused', strong: say`The server refused v${version} at ${time}.`, small: say`${last} Nothing was changed by Rekey.` };
    case 'pooler':
      return { tone: 'warn', mark: 'unknown', strong: say`The pooler refused v${version} at ${time}.`, small: say`${last} Nothing was changed by Rekey.` };
    case 'any':
      return { tone: 'warn', mark: 'unknown', strong: say`No password can be proven here.`, small: say`The server accepted a random wrong one at ${time}. Nothing was changed.` };
    case null:
      return { tone: 'warn', mark: 'unreachable', strong: say`${code(host)} could not be asked at ${time}.`, small: say`${last} An unreachable server says nothing about the password.` };
  }
}

/** Jobs that check a login carry a sentence, no code. */
function kindOfRefusal(error: string | null): 'server' | 'pooler' | 'any' | null {
  if (error === null) return null;
  if (/^The server refuse[sd] the password/.test(error)) return 'server';
  if (error.startsWith('The pooler refuses')) return 'pooler';
  return error.includes('accepts any password') ? 'any' : null;
}

/**
 * The sentence of a project: of the rotation or the check that runs, else of the last proof.
 * `latest` is the newest job of the project, whatever its kind; `rotation` that of the newest job that is a rotation.
 */
export function projectProof(project: ProjectWire, latest: JobWire | null, rotation: RotationWire | null): ProofSentence {
  const { credential, state } = project;
  const live = rotation !== null && rotation.state !== 'completed' && rotation.state !== 'failed';
  if (live && (state === 'rotating_credentials' || state === 'needs_attention')) return rotationProof(rotation);
  if (state === 'rotating_credentials') {
    return { tone: 'accent', mark: 'running', strong: say`A rotation runs.`, small: say`Both passwords are kept until one of them has logged in.` };
  }
  if (state === 'verifying' || (latest?.type === 'project.verify_connection' && isOpen(latest))) {
    return {
      tone: 'accent',
      mark: 'running',
      strong: say`Asking the server.`,
      small:
        credential.direct_proven_at === null
          ? say`Rekey logs in with v${credential.version} and finds out what it may do. Nothing is changed.`
          : say`v${credential.version} was last proven at ${at(credential.direct_proven_at)}. Nothing is changed.`,
    };
  }
  if (latest?.type === 'project.verify_connection' && latest.state === 'failed' && isNewer(latest, credential.direct_proven_at)) return notProven(project, latest);
  if (state === 'needs_attention') {
    return { tone: 'warn', mark: 'unknown', strong: say`Not known which password works.`, small: say`All that may be right are kept. Rekey goes on asking the server.` };
  }
  if (credential.direct_proven_at !== null) return steadyProof(project, credential.direct_proven_at);
  return {
    tone: 'warn',
    mark: 'unknown',
    strong: say`Not proven: v${credential.version} has never logged in here.`,
    small: say`Prove it before you rely on it. Nothing was changed.`,
  };
}
