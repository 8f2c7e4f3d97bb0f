import { PgBoss } from 'pg-boss';
import { openStoreSocket } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import type { Message, QueueName } from './jobs.ts';
import { logQueueError } from './log-queue-error.ts';

const cache = globalThis as typeof globalThis & { rekeyBoss?: Promise<PgBoss> };

/** The sending side: no maintenance, no schema; the workers own those. pg-boss passes `stream` on to pg, and its types do not name it. */
const SENDER = { max: 2, supervise: false, schedule: false, migrate: false, createSchema: false, stream: openStoreSocket };

function sender(): Promise<PgBoss> {
  cache.rekeyBoss ??= (async () => {
    const boss = new PgBoss({ connectionString: env.DATABASE_URL, ...SENDER });
    boss.on('error', logQueueError);
    return boss.start();
  })();
  cache.rekeyBoss.catch(() => {
    cache.rekeyBoss = undefined;
  });
  return cache.rekeyBoss;
}

/**
 * Wakes a worker after the transaction that made work has committed. Never throws: if the queue is unavailable or
 * empty, the sweep finds the work within seconds.
 */
export async function wake<Q extends QueueName>(queue: Q, message: Message<Q>): Promise<void> {
  try {
    const boss = await sender();
    await boss.send(queue, message, { retryLimit: 0 });
  } catch (error) {
    log.warn({ queue, error: describeError(error) }, 'could not wake a worker; the sweep will');
  }
}

/** Closes the sender, for a process that ends. */
export async function closeWake(): Promise<void> {
  const boss = await cache.rekeyBoss?.catch(() => undefined);
  cache.rekeyBoss = undefined;
  await boss?.stop({ graceful: false });
}
