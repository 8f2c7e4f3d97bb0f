import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '#scripts/run-tool.ts';
import { until } from './until.ts';

/** A real worker: `node workers/main.ts`. */
export interface WorkerProcess {
  /** Resolves when it has ended. */
  exited: Promise<void>;
  isRunning: () => boolean;
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>;
  /** SIGTERM: it ends what it has begun; resolves when it is gone. */
  drain: () => Promise<void>;
  /** Resolves when it stands still, stopped by a failpoint. */
  stopped: () => Promise<void>;
  /** SIGCONT. */
  goOn: () => void;
  log: () => string;
}

type Environment = Record<string, string>;

/** Starts workers at once: the next processes are loaded beforehand and wait for their order to begin. */
export class WorkerYard {
  readonly #base: Environment;
  readonly #spares: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();
  #started: WorkerProcess[] = [];

  constructor(base: Environment, spares = 2) {
    this.#base = base;
    for (let i = 0; i < spares; i++) this.#spares.push(this.#load());
    process.once('exit', () => this.killAll());
  }

  /** Starts a worker and resolves when it is ready; rejects where it ends before. */
  async start(more: Environment = {}): Promise<WorkerProcess> {
    const child = this.#spares.shift() ?? this.#load();
    this.#spares.push(this.#load());
    const worker = follow(child);
    this.#started.push(worker);
    child.stdin?.write(`${JSON.stringify(more)}\n`);
    await Promise.race([
      until('a worker to be ready', () => worker.log().includes('worker ready'), { everyMs: 5 }),
      worker.exited.then(() => {
        // One that met its failpoint at once had no time to say so.
        if (child.signalCode !== 'SIGKILL') throw new Error(`the worker ended: ${worker.log()}`);
      }),
    ]);
    return worker;
  }

  /** Has so many workers run, those of earlier rounds among them. */
  async keep(count = 1): Promise<void> {
    this.#started = this.#started.filter((worker) => worker.isRunning());
    while (this.#started.length < count) await this.start();
  }

  /** Ends all workers that were started. */
  async killStarted(): Promise<void> {
    await Promise.all(this.#started.map((worker) => worker.kill()));
    this.#started = [];
  }

  /** What the workers of this round said last. */
  lastLogs(): string {
    return this.#started.map((worker, i) => `  worker ${i + 1}:\n    ${worker.log().trim().split('\n').slice(-12).join('\n    ')}`).join('\n');
  }

  killAll(): void {
    for (const child of this.#all) child.kill('SIGKILL');
  }

  #load(): ChildProcess {
    const child = spawn(process.execPath, ['--import', './scripts/torture/hold-until-go.ts', 'workers/main.ts'], {
      cwd: root,
      env: { ...process.env, ...this.#base, NODE_COMPILE_CACHE: join(tmpdir(), 'rekey-compile-cache') },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#all.add(child);
    child.once('exit', () => this.#all.delete(child));
    child.stdin?.on('error', () => {});
    return child;
  }
}

function follow(child: ChildProcess): WorkerProcess {
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk));
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const exited = isRunning() ? once(child, 'exit').then(() => undefined) : Promise.resolve();
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return {
    exited,
    isRunning,
    kill: () => end('SIGKILL'),
    drain: () => end('SIGTERM'),
    stopped: () => until('a worker to stop', () => isStopped(child)),
    goOn: () => child.kill('SIGCONT'),
    log: () => log,
  };
}

/** The state `T`, of Linux and of the ps of other systems, which takes much longer to ask. */
async function isStopped({ pid }: ChildProcess): Promise<boolean> {
  if (process.platform === 'linux') return / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\)/s, ''));
  const { stdout } = await promisify(execFile)('ps', ['-o', 'state=', '-p', String(pid)]);
  return stdout.trim().startsWith('T');
}
