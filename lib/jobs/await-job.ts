import { setTimeout as delay } from 'node:timers/promises';
import type { Job } from '#generated/prisma/client.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { connectFeed, subscribe } from '#lib/queue/change-feed.ts';

/** Maximum delay before a change is noticed without a notification, for example after the feed was cut, in ms. */
const LOOK_AGAIN_MS = 500;

/** Waits until a job has ended, at most `timeoutMs`. Returns the job in its current state, which may not be final. */
export async function awaitJob({ organizationId }: Context, jobId: string, timeoutMs: number): Promise<Job> {
  const deadline = performance.now() + timeoutMs;
  let told = Promise.withResolvers<void>();
  await connectFeed().catch(() => undefined);
  const stop = subscribe({
    organizationId,
    onChange: ({ id }) => {
      if (id === jobId) told.resolve();
    },
    onLost: () => told.resolve(),
  });
  try {
    for (;;) {
      told = Promise.withResolvers<void>();
      const job = await db.job.findUniqueOrThrow({ where: { id: jobId } });
      const leftMs = deadline - performance.now();
      if (job.state === 'completed' || job.state === 'failed' || leftMs <= 0) return job;
      const waiting = new AbortController();
      await Promise.race([told.promise, delay(Math.min(leftMs, LOOK_AGAIN_MS), undefined, { signal: waiting.signal }).catch(() => undefined)]);
      waiting.abort();
    }
  } finally {
    stop();
  }
}
