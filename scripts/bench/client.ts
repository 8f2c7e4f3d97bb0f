// Rekey as its users see it: over HTTP, with an API key.
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type JobWire, jobAnswer } from '#lib/contract/job.ts';

const resetAnswer = z.object({ data: z.object({ dev_db_password: z.string() }) });

export interface BenchClient {
  rotate: (projectId: string) => Promise<JobWire>;
  untilCompleted: (jobId: string) => Promise<JobWire>;
  /** Resets a site's development password and waits for the answer, which holds it. */
  resetSite: (siteId: string) => Promise<string>;
}

export function createClient(baseUrl: string, authorization: string): BenchClient {
  const headers = { authorization };
  const send = async (method: string, path: string): Promise<unknown> => {
    const response = await fetch(`${baseUrl}/api/v1${path}`, { method, headers });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const ask = async (method: string, path: string): Promise<JobWire> => jobAnswer.parse(await send(method, path)).job;
  return {
    rotate: (projectId) => ask('POST', `/projects/${projectId}/credentials/rotate`),
    resetSite: async (siteId) => resetAnswer.parse(await send('POST', `/vector/sites/${siteId}/database/reset-password`)).data.dev_db_password,
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
