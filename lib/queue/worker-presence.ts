import net from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { Prisma } from '#generated/prisma/client.ts';
import { ask, db } from '#lib/db.ts';
import { env } from '#lib/env.ts';
import { newId } from '#lib/ids.ts';
import { describeError, log } from '#lib/log.ts';
import { forgetClocks, reportClock } from './process-clocks.ts';

/** The first half of the advisory lock that a living worker holds; the second is its `lock_key`. */
export const PRESENCE_CLASS = 1_380_272_985;
const BEAT_MS = 2_000;
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
 */
export async function joinWorkers(): Promise<WorkerPresence> {
  await ask(Prisma.sql`DELETE FROM workers WHERE beat_at < now() - interval '1 day'`);
  await forgetClocks();
  const worker = await db.worker.create({ data: { id: newId('wrk'), lockKey: Math.floor(Math.random() * 2 ** 31), host: hostname() } });
  let held = await holdLock(worker);
  let isLeaving = false;
  let longestSweepMs: number | null = null;
  await reportClock(worker.id, 'worker');
  let lastBeat = performance.now();

  const holdAgain = async (): Promise<void> => {
    while (!isLeaving) {
      await delay(RECONNECT_MS);
      const next = isLeaving ? null : await holdLock(worker).catch(() => null);
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
    const row = ask(Prisma.sql`
      INSERT INTO workers (id, lock_key, host, sweep_ms) VALUES (${worker.id}, ${worker.lockKey}, ${worker.host}, ${sweepMs})
      ON CONFLICT (id) DO UPDATE SET beat_at = now(), sweep_ms = coalesce(excluded.sweep_ms, workers.sweep_ms)`);
    await Promise.all([row, reportClock(worker.id, 'worker'), held.check()]);
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
      // A beat under way would write the row again.
      await beating;
      await Promise.all([db.worker.deleteMany({ where: { id: worker.id } }), forgetClocks(worker.id)]);
      await held.end();
    },
  };
}

interface HeldLock {
  /** Asks for an answer on the connection; a dead one is given up. */
  check: () => Promise<void>;
  lost: Promise<void>;
  end: () => Promise<void>;
}

/** Takes the worker's lock on a connection of its own. Throws where the store does not answer, or an older connection still has it. */
async function holdLock(worker: { id: string; lockKey: number }): Promise<HeldLock> {
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
  const lost = new Promise<void>((resolve) => void client.once('end', resolve));
  try {
    await client.connect();
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS taken', [PRESENCE_CLASS, worker.lockKey]);
    if (!rows[0]?.taken) throw new Error('an older connection of this worker still holds its lock');
  } catch (error) {
    socket.destroy();
    throw error;
  }
  let checking: Promise<void> | undefined;
  return {
    check: () => {
      checking ??= client.query('SELECT').then(
        () => {
          checking = undefined;
        },
        () => void socket.destroy(),
      );
      return checking;
    },
    lost,
    end: () => client.end(),
  };
}
