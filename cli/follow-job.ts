import { setTimeout as delay } from 'node:timers/promises';
import { rotationProof } from '#components/proofs/rotation-proof.ts';
import { runningWords, workOf } from '#components/proofs/running-words.ts';
import { plain, type Sentence } from '#components/ui/sentence.ts';
import { status } from '#lib/contract/account.ts';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type JobWire, jobAnswer } from '#lib/contract/job.ts';
import { CommandFailure, EXIT } from './exit-codes.ts';
import { startProgress } from './progress.ts';

const POLL_MS = 400;
/** How often, in polls, it is asked whether a worker is running. */
const STATUS_EVERY = 8;

const clockTime = (time: string): string => new Date(time).toTimeString().slice(0, 8);
const inWords = (sentence: Sentence): string => plain(sentence, clockTime);

/** Where a job stands, in the words of its page. */
export function describeJob(job: JobWire): string {
  if (!job.rotation) return job.error ?? job.state;
  const { strong, small } = rotationProof(job.rotation);
  return `${inWords(strong)} ${inWords(small)}`.trim();
}

function progressOf(job: JobWire, roleName: string, noWorker: boolean): string {
  const words = job.rotation && runningWords(job.rotation, roleName, workOf(job, noWorker));
  return words ? `${inWords(words)} …` : job.state;
}

/** Waits until a job has ended, showing where it stands. Throws where it failed, or where it is not known which password works. */
export async function followJob(client: ApiClient, jobId: string, roleName: string): Promise<JobWire> {
  const progress = startProgress();
  try {
    let noWorker = false;
    for (let polls = 1; ; polls++) {
      const { job } = await client.get(`/jobs/${jobId}`, jobAnswer);
      if (job.state === 'completed') return job;
      if (job.state === 'failed') throw new CommandFailure(EXIT.rotationFailed, describeJob(job));
      if (job.rotation?.state === 'needs_attention') throw new CommandFailure(EXIT.notKnown, describeJob(job));
      if (polls % STATUS_EVERY === 0) noWorker = (await client.get('/status', status)).components.some(({ workers }) => workers === 0);
      progress.show(progressOf(job, roleName, noWorker));
      await delay(POLL_MS);
    }
  } finally {
    progress.end();
  }
}
