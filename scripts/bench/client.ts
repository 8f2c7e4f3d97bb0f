// Rekey as its users see it: over HTTP, with an API key.
import { setTimeout as delay } from 'node:timers/promises';
import { type JobWire, jobAnswer } from '#lib/http/wire/job.ts';

export interface BenchClient {
  rotate: (projectId: string) => Promise<JobWire>;
  untilCompleted: (jobId: string) => Promise<JobWire>;
}

export function createClient(baseUrl: string, key: string): BenchClient {
  const headers = { authorization: `Bearer ${key}` };
  const ask = async (method: string, path: string): Promise<JobWire> => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, { method, headers });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return jobAnswer.parse(await response.json()).job;
  };
  return {
    rotate: (projectId) => ask('POST', `/projects/${projectId}/credentials/rotate`),
    untilCompleted: async (jobId) => {
      for (;;) {
        const job = await ask('GET', `/jobs/${jobId}`);
        if (job.state === 'failed') throw new Error(`${jobId} failed: ${job.error}`);
        if (job.state === 'completed') return job;
        // Asked seldom: the questions would take the processor from what is measured.
        await delay(100);
      }
    },
  };
}
