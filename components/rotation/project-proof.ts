import type { JobWire, RotationWire } from '#lib/http/wire/job.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import type { ProofSentence } from './proof-sentence.ts';
import { rotationProof } from './rotation-proof.ts';
import { at, code, say } from './sentence.ts';

/** The newest of a project's jobs that asked the server for the login: syncs and deployments say nothing of the password. */
export const newestOfLogin = (jobs: readonly JobWire[]): JobWire | null => jobs.find(({ sync, deployment }) => sync === null && deployment === null) ?? null;

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
  switch (job.error_code) {
    case 'current_password_refused':
      return { tone: 'danger', mark: 'refused', strong: say`The server refused v${version} at ${time}.`, small: say`${last} Nothing was changed by Rekey.` };
    case 'pooler_refused_current':
      return { tone: 'warn', mark: 'unknown', strong: say`The pooler refused v${version} at ${time}.`, small: say`${last} Nothing was changed by Rekey.` };
    case 'target_unverifiable':
      return {
        tone: 'warn',
        mark: 'unknown',
        strong: say`No password can be proven here.`,
        small: say`The server accepted a random wrong one at ${time}. Nothing was changed.`,
      };
    default:
      return {
        tone: 'warn',
        mark: 'unreachable',
        strong: say`${code(host)} could not be asked at ${time}.`,
        small: say`${last} An unreachable server says nothing about the password.`,
      };
  }
}

/**
 * The sentence of a project: of the rotation or the check that runs, else of the last proof.
 * `latest` is the newest job that asked the server; `rotation` that of the newest job that is a rotation.
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
  if (latest?.type === 'project.verify_connection' && latest.state === 'failed' && isNewer(latest, credential.direct_proven_at))
    return notProven(project, latest);
  if (state === 'needs_attention') {
    return {
      tone: 'warn',
      mark: 'unknown',
      strong: say`Not known which password works.`,
      small: say`All that may be right are kept. Rekey goes on asking the server.`,
    };
  }
  if (credential.direct_proven_at !== null) return steadyProof(project, credential.direct_proven_at);
  return {
    tone: 'warn',
    mark: 'unknown',
    strong: say`Not proven: v${credential.version} has never logged in here.`,
    small: say`Prove it before you rely on it. Nothing was changed.`,
  };
}
