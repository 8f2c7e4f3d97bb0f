import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Part, recordParts, stopParts } from './parts.ts';
import { say as sayOnTerminal } from './progress.ts';

export interface Supervisor {
  /** Aborted once the launcher is to stop. */
  signal: AbortSignal;
  /**
   * Starts a part, answers it, and starts it again whenever it ends. Before `ready` the end of a part ends the launch
   * instead, unless the part is of the demonstration. Throws where the first start fails or a stop has begun.
   */
  keep: <P extends Part>(start: () => P | Promise<P>, options?: { isDemo?: boolean }) => Promise<P>;
  /** From now on every part that ends is started again. */
  ready: () => void;
}

/** What a launch can do besides keeping parts. */
export interface Launcher extends Supervisor {
  /** Stops all parts and starts this program again with that environment, in this same process. Returns only if a stop came first. */
  beginAnew: (env: NodeJS.ProcessEnv) => Promise<void>;
}

const WINDOW_MS = 60_000;
const QUICK_ENDS = 5;
const QUICK_MS = 250;
const LONGEST_MS = 30_000;

/** How long to wait before restarting a part that has ended this many times within the last minute, in ms. The first time there is nothing to wait for. */
export function restartDelayMs(ends: number): number {
  if (ends <= 1) return 0;
  return ends <= QUICK_ENDS ? QUICK_MS : Math.min(LONGEST_MS, 1_000 * 2 ** (ends - QUICK_ENDS));
}

interface Kept {
  part: Part | undefined;
  /** The start that is going on. */
  starting: Promise<Part>;
}

/** Keeps parts running and records them for the start after a kill -9; `fail` is told why a launch cannot go on. */
export function superviseParts(dataDir: string, fail: (why: string) => void, say: (text: string) => void = sayOnTerminal) {
  const kept: Kept[] = [];
  const abort = new AbortController();
  const { signal } = abort;
  let isReady = false;

  const record = () =>
    recordParts(
      dataDir,
      kept.flatMap(({ part }) => part ?? []),
    );

  const begin = async <P extends Part>(place: Kept, start: () => P | Promise<P>): Promise<P> => {
    signal.throwIfAborted();
    const starting = Promise.resolve().then(start);
    place.starting = starting;
    const part = await starting;
    place.part = part;
    record();
    return part;
  };

  /** Resolves with how it ended. */
  const end = async ({ child }: Part): Promise<string> => {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return child.signalCode ?? `exit code ${child.exitCode}`;
  };

  const restart = async (place: Kept, first: Part, start: () => Part | Promise<Part>, isDemo: boolean): Promise<void> => {
    const ends: number[] = [];
    let how = `ended by itself (${await end(first)})`;
    while (!signal.aborted) {
      if (!isReady && !isDemo) return fail(`The ${first.name} ${how} before Rekey was ready.`);
      ends.push(Date.now());
      const waitMs = restartDelayMs(ends.filter((at) => at > Date.now() - WINDOW_MS).length);
      say(`The ${first.name} ${how}. Starting it again${waitMs > QUICK_MS ? ` in ${waitMs / 1_000} s` : ''}; everything else keeps running.`);
      await delay(waitMs, undefined, { signal });
      how = await begin(place, start).then(
        async (part) => `ended by itself (${await end(part)})`,
        (error: Error) => `did not start (${error.message})`,
      );
    }
  };

  const keep: Supervisor['keep'] = async (start, { isDemo = false } = {}) => {
    const place = { part: undefined, starting: Promise.reject(new Error('not begun')) } as Kept;
    place.starting.catch(() => {});
    kept.unshift(place);
    const part = await begin(place, start);
    // It rejects only when a stop cuts a wait short.
    restart(place, part, start, isDemo).catch((error: unknown) => signal.aborted || fail(String(error)));
    signal.throwIfAborted();
    return part;
  };

  /** Ends all parts, newest first; one that is half started is waited for. */
  const stop = async (): Promise<void> => {
    abort.abort();
    const parts = [];
    for (const { starting } of kept) parts.push(...(await starting.then((part) => [part]).catch(() => [])));
    await stopParts(dataDir, parts);
  };

  const ready = () => {
    isReady = true;
  };
  return { signal, keep, ready, stop };
}

/**
 * Runs `launch` and keeps this process until a signal comes or the launch fails; then all parts are stopped, newest
 * first, and the process exits: 0 after a signal, 1 after a failure, which it names.
 */
export function supervise(dataDir: string, launch: (launcher: Launcher) => Promise<void>, release: () => void): void {
  let isStopping = false;
  const finish = (code: number, why: string): void => {
    if (isStopping) return;
    isStopping = true;
    sayOnTerminal(why);
    void end(code);
  };
  const supervisor = superviseParts(dataDir, (why) => finish(1, `${why} Rekey stops.`));

  const end = async (code: number): Promise<void> => {
    await supervisor.stop();
    // What the launch still does may start another part.
    await launching.catch(() => {});
    await supervisor.stop();
    release();
    process.exit(code);
  };

  const beginAnew = async (env: NodeJS.ProcessEnv): Promise<void> => {
    await supervisor.stop();
    if (isStopping) return;
    release();
    process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], env);
  };

  // A terminal that was closed, or a pipe whose reader has ended: nobody reads on, and the parts still have to be stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => finish(0, 'Stopping.'));
  const launching = launch({ ...supervisor, beginAnew });
  launching.catch((error: Error) => finish(1, error.message));
}
