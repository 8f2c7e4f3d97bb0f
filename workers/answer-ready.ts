import { createServer, type Server } from 'node:http';
import { env } from '#lib/kernel/env.ts';
import { describeError, log } from '#lib/kernel/log.ts';

/** A beat and a sweep are due every 4 s: what has not happened for so long has stopped. */
const LATEST_MS = 15_000;

export interface Readiness {
  /** When the store last took a beat of this worker, and when it last answered a whole sweep, by performance.now(). */
  lastBeat: () => number;
  lastSweep: () => number;
}

/** What the worker is not ready for; null: it is. */
export function notReady({ lastBeat, lastSweep }: Readiness, now = performance.now()): string | null {
  if (now - lastBeat() > LATEST_MS) return 'The database has taken no heartbeat of this worker for 15 s.';
  if (now - lastSweep() > LATEST_MS) return 'No sweep for pending work has succeeded for 15 s.';
  return null;
}

/** Answers `GET /` on REKEY_WORKER_PORT of this machine: 200 while the worker finds and takes work, else 503 with the reason. */
export function answerReady(readiness: Readiness): Server | null {
  if (!env.REKEY_WORKER_PORT) return null;
  const server = createServer((_, response) => {
    const reason = notReady(readiness);
    response.writeHead(reason ? 503 : 200, { 'content-type': 'text/plain; charset=utf-8' }).end(`${reason ?? 'ready'}\n`);
  });
  // A port that is taken costs the probe, not the rotations.
  server.on('error', (error) => log.error({ error: describeError(error), port: env.REKEY_WORKER_PORT }, 'no readiness probe'));
  return server.listen(env.REKEY_WORKER_PORT, '127.0.0.1').unref();
}
