import { type Part, recordParts, stopParts } from './parts.ts';
import { say } from './progress.ts';

export interface Supervisor {
  /** Aborted once the launcher is to stop. */
  signal: AbortSignal;
  /** Takes a part in: it is stopped with the launcher, and the launcher with it. Throws when a stop is under way. */
  watch: <P extends Part>(part: P) => P;
}

/**
 * Runs `launch` and keeps this process until a signal comes or a part ends; then everything that was taken in is
 * stopped, newest first, and the process exits: 0 after a signal, 1 after a failure, which it names.
 */
export function supervise(dataDir: string, launch: (supervisor: Supervisor) => Promise<void>, release: () => void): void {
  const parts: Part[] = [];
  const abort = new AbortController();

  const watch = <P extends Part>(part: P): P => {
    parts.unshift(part);
    recordParts(dataDir, parts);
    part.child.once('exit', (code, signal) => stop(1, `The ${part.name} ended by itself (${signal ?? `exit code ${code}`}), so Rekey stops.`));
    abort.signal.throwIfAborted();
    return part;
  };

  const stop = (code: number, why: string): void => {
    if (abort.signal.aborted) return;
    abort.abort();
    say(why);
    void finish(code);
  };

  const finish = async (code: number): Promise<void> => {
    // A part may be half started: wait until it is taken in, then stop it with the others.
    await launching.catch(() => {});
    await stopParts(dataDir, parts);
    release();
    process.exit(code);
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(0, 'Stopping.'));
  const launching = launch({ signal: abort.signal, watch });
  launching.catch((error: Error) => stop(1, error.message));
}
