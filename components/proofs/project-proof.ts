import { at, code, say } from '#components/ui/sentence.ts';
import type { JobWire, RotationWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import type { ProofSentence } from './proof-sentence.ts';
import { rotationProof } from './rotation-proof.ts';
import type { Work } from './running-words.ts';
import { waiting } from './waiting-proof.ts';

/** The newest of a project's jobs that asked the server for the login: syncs and deployments say nothing of the password. */
export const newestOfLogin = (jobs: readonly JobWire[]): JobWire | null => jobs.find(({ sync, deployment }) => sync === null && deployment === null) ?? null;

const isNewer = (job: JobWire, provenAt: string | null): boolean => provenAt === null || Date.parse(job.completed_at ?? job.updated_at) > Date.parse(provenAt);
/** The newest check of a login, where it failed and no login has proven the password since: by a check of another project, say. */
export const failedCheck = ({ credential }: Pick<ProjectWire, 'credential'>, latest: JobWire | null): JobWire | null =>
  latest?.type === 'project.verify_connection' && latest.state === 'failed' && isNewer(latest, credential.direct_proven_at) ? latest : null;

const isOpen = (job: JobWire | null): job is JobWire => job?.state === 'queued' || job?.state === 'running';

/** Of passwords that were left valid beside the current one. */
function twoWork(version: number, provenAt: string, retiring: ProjectWire['retiring']): ProofSentence {
  const ends = retiring.flatMap(
    (old) => say` v${old.version} still works, and ends ${old.retire_at === null ? 'once a deployment succeeds' : say`at ${at(old.retire_at)}`}.`,
  );
  const strong = retiring.length === 1 ? say`Both passwords work.` : say`${retiring.length + 1} passwords work.`;
  return { tone: 'info', mark: 'proven', strong, small: say`v${version} logged in at ${at(provenAt)}.${ends}` };
}

function steadyProof({ credential, pooled_port: pooledPort, rotated_at: rotatedAt, retiring }: ProjectWire, directAt: string): ProofSentence {
  const adopted = rotatedAt === null && credential.version === 1;
  if (retiring.length > 0) return twoWork(credential.version, directAt, retiring);
  const pooled = pooledPort !== null && credential.pooled_proven_at !== null ? say` and through the pooler at ${at(credential.pooled_proven_at)}` : [];
  return {
    tone: 'ok-quiet',
    mark: 'proven',
    strong: adopted ? say`The password you entered works.` : say`The current password works.`,
    small: say`v${credential.version} logged in directly at ${at(directAt)}${pooled}.${adopted ? ' Nothing was changed.' : ''}`,
  };
}

function notProven({ credential: { version, direct_proven_at: provenAt }, public_host: host }: ProjectWire, job: JobWire): ProofSentence {
  const time = at(job.completed_at ?? job.updated_at);
  const last = provenAt === null ? say`v${version} has never logged in here.` : say`v${version} was last proven at ${at(provenAt)}.`;
  switch (job.error_code) {
    case 'current_password_refused':
      return { tone: 'danger', mark: 'refused', strong: say`The server rejected v${version} at ${time}.`, small: say`${last} Nothing was changed by Rekey.` };
    case 'pooler_refused_current':
      return { tone: 'warn', mark: 'unknown', strong: say`The pooler rejected v${version} at ${time}.`, small: say`${last} Nothing was changed by Rekey.` };
    case 'target_unverifiable':
      return {
        tone: 'warn',
        mark: 'unknown',
        strong: say`No password can be verified here.`,
        small: say`The server accepted a random wrong password at ${time}. Nothing was changed.`,
      };
    default:
      return {
        tone: 'warn',
        mark: 'unreachable',
        strong: say`${code(host)} could not be reached at ${time}.`,
        small: say`${last} An unreachable server says nothing about the password.`,
      };
  }
}

function checking({ credential: { version, direct_proven_at: provenAt } }: ProjectWire, work: Work): ProofSentence {
  const last = provenAt === null ? null : say`v${version} was last proven at ${at(provenAt)}.`;
  if (work === 'no_worker')
    return waiting(say`Not checked: no worker is running.`, say`${last ?? say`Nothing has been sent.`} The check starts once a worker runs.`);
  if (work === 'queued')
    return { tone: 'accent', mark: 'running', strong: say`Waiting for a worker.`, small: say`${last ? say`${last} ` : []}Nothing has been sent yet.` };
  const first = say`Rekey logs in with v${version} and finds out what it may do.`;
  return { tone: 'accent', mark: 'running', strong: say`Logging in.`, small: say`${last ?? first} Nothing is changed.` };
}

/**
 * The sentence of a project: of the rotation or the check that runs, else of the last proof.
 * `latest` is the newest job that asked the server; `rotation` that of the newest job that is a rotation;
 * `work` who does what is in progress.
 */
export function projectProof(project: ProjectWire, latest: JobWire | null, rotation: RotationWire | null, work: Work = 'running'): ProofSentence {
  const { credential, state } = project;
  const live = rotation !== null && rotation.state !== 'completed' && rotation.state !== 'failed';
  if (live && (state === 'rotating_credentials' || state === 'needs_attention')) return rotationProof(rotation, work);
  if (state === 'rotating_credentials') {
    const small = say`Both passwords are kept until one of them has logged in.`;
    if (work === 'no_worker') return waiting(say`A rotation waits: no worker is running.`, small);
    return { tone: 'accent', mark: 'running', strong: say`A rotation is in progress.`, small };
  }
  if (state === 'verifying' || (latest?.type === 'project.verify_connection' && isOpen(latest))) return checking(project, work);
  const failed = failedCheck(project, latest);
  if (failed) return notProven(project, failed);
  if (state === 'needs_attention') {
    const strong = say`Not known which password works.`;
    if (work === 'no_worker') return waiting(strong, say`Every password that may work is kept. No worker is running to check on the server.`);
    return {
      tone: 'warn',
      mark: 'unknown',
      strong,
      small: say`Every password that may work is kept. Rekey keeps trying to log in.`,
    };
  }
  if (credential.direct_proven_at !== null) return steadyProof(project, credential.direct_proven_at);
  return {
    tone: 'warn',
    mark: 'unknown',
    strong: say`Not proven: v${credential.version} has never logged in here.`,
    small: say`Check it before you rely on it. Nothing was changed.`,
  };
}
