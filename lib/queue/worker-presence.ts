import net from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Prisma } from '#generated/prisma/client.ts';
import { type Ask, ask, db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { newId } from '#lib/kernel/ids.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { forgetClocks, measureClock, reportClock } from './process-clocks.ts';

/** The first half of the advisory lock that a living worker holds; the second is its `lock_key`. */
export const PRESENCE_CLASS = 1_380_272_985;
/** Where triggers of the store announce each change of what pages show: rotations, jobs, syncs, deployments, deliveries. */
const CHANGED_CHANNEL = 'rekey_changed';
const BEAT_MS = 4_000;
const RECONNECT_MS = 500;
const ANSWER_MS = 5_000;

export interface WorkerPresence {
  id: string;
  /** Notes how long a sweep took, in ms. */
  swept: (tookMs: number) => void;
  /** When the store last took a beat, by performance.now(). */
  lastBeat: () => number;
  leave: () => Promise<void>;
}

/**
 * Makes this process known as a worker. It holds an advisory lock on a connection of its own: the moment the
 * process dies the control database lets go of it, and what it had claimed is free for others without a wait.
 * `onChange` is called at each change in the store, as far as the connection hears of it.
 */
export async function joinWorkers(onChange: () => void = () => {}): Promise<WorkerPresence> {
  await ask(Prisma.sql`DELETE FROM workers WHERE beat_at < now() - interval '1 day'`);
  await forgetClocks();
  const worker = await db.worker.create({ data: { id: newId('wrk'), lockKey: Math.floor(Math.random() * 2 ** 31), host: hostname() } });
  let held = await holdLock(worker, onChange);
  let isLeaving = false;
  let longestSweepMs: number | null = null;
  let skewMs = await reportClock(worker.id, 'worker', await measureClock());
  let lastBeat = performance.now();

  const holdAgain = async (): Promise<void> => {
    while (!isLeaving) {
      await delay(RECONNECT_MS);
      const next = isLeaving ? null : await holdLock(worker, onChange).catch(() => null);
      if (!next) continue;
      held = next;
      held.lost.then(holdAgain);
      return;
    }
  };
  held.lost.then(holdAgain);

  const beat = async (): Promise<void> => {
    const sweepMs = longestSweepMs;
    longestSweepMs = null;
    // The row is gone where the control database was restored from a backup.
    const row = Prisma.sql`beat AS (
      INSERT INTO workers (id, lock_key, host, sweep_ms) VALUES (${worker.id}, ${worker.lockKey}, ${worker.host}, ${sweepMs}::float8)
      ON CONFLICT (id) DO UPDATE SET beat_at = now(), sweep_ms = coalesce(excluded.sweep_ms, workers.sweep_ms)),`;
    skewMs = await reportClock(worker.id, 'worker', skewMs, held.ask, row);
    lastBeat = performance.now();
  };
  let beating = Promise.resolve();
  const timer = setInterval(() => {
    beating = beat().catch((error: unknown) => log.warn({ error: describeError(error) }, 'no beat'));
  }, BEAT_MS);
  return {
    id: worker.id,
    swept: (tookMs) => {
      longestSweepMs = Math.max(longestSweepMs ?? 0, tookMs);
    },
    lastBeat: () => lastBeat,
    leave: async () => {
      isLeaving = true;
      clearInterval(timer);
      // A beat in progress would write the row again.
      await beating;
      await Promise.all([db.worker.deleteMany({ where: { id: worker.id } }), forgetClocks(worker.id)]);
      await held.end();
    },
  };
}

interface HeldLock {
  /** Asks on the connection; one that fails to answer is given up. */
  ask: Ask;
  lost: Promise<void>;
  end: () => Promise<void>;
}

/** Takes the worker's lock on a connection of its own. Throws where the store does not answer, or an older connection still has it. */
async function holdLock(worker: { id: string; lockKey: number }, onChange: () => void): Promise<HeldLock> {
  const socket = new net.Socket();
  const client = new pg.Client({
    connectionString: env.DATABASE_URL,
    application_name: `rekey worker ${worker.id}`,
    keepAlive: true,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
    stream: () => socket,
  });
  client.on('error', (error) => log.warn({ error: describeError(error) }, 'presence lost'));
  client.on('notification', onChange);
  const lost = new Promise<void>((resolve) => void client.once('end', resolve));
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS taken', [PRESENCE_CLASS, worker.lockKey]);
    if (!rows[0]?.taken) throw new Error('an older connection of this worker still holds its lock');
    await client.query(`LISTEN ${CHANGED_CHANNEL}`);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    ask: async <Row>({ text, values }: Prisma.Sql) => {
      try {
        return (await client.query<Row & object>({ name: 'beat', text, values })).rows;
      } catch (error) {
        socket.destroy();
        throw error;
      }
    },
    lost,
    end: () => client.end(),
  };
}
