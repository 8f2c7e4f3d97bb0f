import { type Sentence, say } from '#components/ui/sentence.ts';
import type { JobWire, RotationWire } from '#lib/contract/job.ts';
import { keepsOld } from './rotation-facts.ts';

/** Who works on a job: a worker has it, none has taken it yet, or no worker is running that could. */
export type Work = 'running' | 'queued' | 'no_worker';

export function workOf(job: Pick<JobWire, 'state'> | null | undefined, noWorker: boolean): Work {
  if (noWorker) return 'no_worker';
  return job?.state === 'queued' ? 'queued' : 'running';
}

/** What a rotation is doing at this moment; null once it has ended. */
export function runningWords(rotation: RotationWire, roleName: string, work: Work): Sentence | null {
  const { kind, from_version: from, to_version: to, state, steps, has_pooler: hasPooler, proofs } = rotation;
  if (state === 'completed' || state === 'failed') return null;
  if (work === 'no_worker') return say`Waiting: no worker is running`;
  if (state === 'needs_attention') return say`Trying to log in with both, again and again`;
  const last = steps.at(-1)?.kind;
  if (last === 'retrying') return say`Waiting for the next attempt`;
  if (last === 'waiting') return say`Waiting for the server to accept logins`;
  if (last === 'undoing') return say`Restoring v${from}`;
  if (work === 'queued') return say`Waiting for a worker`;
  if (kind === 'retire') return say`Ending old passwords of ${{ code: roleName }}`;
  switch (state) {
    case 'requested':
      return say`Checking that v${from} logs in`;
    case 'staged':
    case 'applying':
      return say`Changing the password of ${{ code: roleName }}`;
    case 'verifying':
      return hasPooler && proofs.new?.direct ? say`Logging in with v${to} through the pooler` : say`Logging in with v${to}`;
    case 'promoted':
      return say`Checking that v${from} is ${keepsOld(rotation) ? 'still accepted' : 'rejected'}`;
  }
}
