// A real worker or API process for a test, and all that it says.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '#scripts/run-tool.ts';

export interface RunningWorker {
  pid: number;
  /** All of its standard output and error so far. */
  output: () => string;
  /** Resolves when it takes work; rejects where it ends before. */
  ready: Promise<void>;
  /** Its exit code, once it has ended. */
  exited: Promise<number | null>;
  /** SIGTERM, and waits. */
  stop: () => Promise<void>;
}

type Changes = Record<string, string | undefined>;

/** Runs `node workers/main.ts` with the environment of the test and these changes; undefined takes a variable away. */
export const runWorker = (changes: Changes = {}): RunningWorker => runProcess('workers/main.ts', 'worker ready', changes);

/** Runs the handlers of the API on that port of loopback, in the same way. */
export const runApi = (port: number, changes: Changes = {}): RunningWorker =>
  runProcess('scripts/testing/serve-api-process.ts', 'api ready', { NEXTAUTH_URL: `http://127.0.0.1:${port}`, ...changes });

/** The same of any script of ours, which says `readyWords` once it is; `folder` is a checkout of another version, `flags` are Node's. */
export function runProcess(script: string, readyWords: string, changes: Changes = {}, folder = root, flags: string[] = []): RunningWorker {
  const child = spawn(process.execPath, [...flags, script], { cwd: folder, env: { ...process.env, ...changes }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  ready.catch(() => {});
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes;
      if (output.includes(readyWords)) resolve();
    });
  }
  const exited = once(child, 'close').then(([code]) => {
    reject(new Error(`${script} ended: ${output}`));
    return code as number | null;
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ready,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
