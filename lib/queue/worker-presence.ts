import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { db } from '#lib/db.ts';
import { env } from '#lib/env.ts';
import { newId } from '#lib/ids.ts';
import { describeError, log } from '#lib/log.ts';

/** The first half of the advisory lock that a living worker holds; the second is its `lock_key`. */
export const PRESENCE_CLASS = 1_380_272_985;
const BEAT_MS = 2_000;
const RECONNECT_MS = 500;

export interface WorkerPresence {
  id: string;
  leave: () => Promise<void>;
}

/**
 * Makes this process known as a worker. It holds an advisory lock on a connection of its own: the moment the
 * process dies the control database lets go of it, and what it had claimed is free for others without a wait.
 */
export async function joinWorkers(): Promise<WorkerPresence> {
  const worker = await db.worker.create({ data: { id: newId('wrk'), lockKey: Math.floor(Math.random() * 2 ** 31), host: hostname() } });
  let client: pg.Client | undefined;
  let isLeaving = false;

  const hold = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: env.DATABASE_URL, application_name: `rekey worker ${worker.id}`, keepAlive: true });
    next.on('error', (error) => log.warn({ error: describeError(error) }, 'presence lost'));
    next.once('end', () => void holdAgain());
    await next.connect();
    await next.query('SELECT pg_advisory_lock($1, $2)', [PRESENCE_CLASS, worker.lockKey]);
    client = next;
  };
  const holdAgain = async (): Promise<void> => {
    while (!isLeaving) {
      await delay(RECONNECT_MS);
      if (isLeaving || (await hold().then(() => true, () => false))) return;
    }
  };

  await hold();
  // Upsert: the row is gone where the control database was restored from a backup.
  const beat = () =>
    db.worker
      .upsert({ where: { id: worker.id }, update: { beatAt: new Date() }, create: { ...worker, beatAt: new Date() } })
      .catch((error: unknown) => log.warn({ error: describeError(error) }, 'no beat'));
  const timer = setInterval(beat, BEAT_MS);
  return {
    id: worker.id,
    leave: async () => {
      isLeaving = true;
      clearInterval(timer);
      await db.worker.deleteMany({ where: { id: worker.id } });
      await client?.end();
    },
  };
}
