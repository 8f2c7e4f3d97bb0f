// Two web servers and two workers that are killed, come back with another clock, and are watched for their memory.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TELLS_MEMORY } from '#scripts/lab/memory/ask-memory.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { type RunningWorker, runProcess } from '#scripts/testing/run-worker.ts';
import { until } from '#scripts/torture/until.ts';

type Kind = 'web' | 'worker';

export interface Member {
  kind: Kind;
  number: 1 | 2;
  /** Of a web server: where it is asked. */
  url: string;
  environment: Record<string, string>;
  running: RunningWorker;
}

export interface CrewOptions {
  /** The built web server with its pages, or the API alone. */
  web: 'pages' | 'api';
  /** The store's address for the second of each kind, which may lead through a slow relay. */
  secondStoreUrl: string;
  /** A checkout of another version, which the second of each kind runs. */
  secondFolder?: string | undefined;
}

/** What each runs, and what it says once it is ready. */
const SCRIPTS = {
  worker: ['workers/main.ts', 'worker ready'],
  api: ['scripts/testing/serve-api-process.ts', 'api ready'],
  pages: ['scripts/web.ts', 'web server ready'],
} as const;

const KINDS: readonly Kind[] = ['web', 'worker'];

export class Crew {
  readonly members: Member[] = [];
  readonly #options: CrewOptions;
  /** Those between two lives. */
  readonly #replaced = new Set<Member>();
  #isStopping = false;
  #output = '';

  private constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Starts all four and resolves when they are ready. */
  static async start(options: CrewOptions): Promise<Crew> {
    const crew = new Crew(options);
    for (const kind of KINDS) {
      for (const number of [1, 2] as const) {
        const port = String(await freePort());
        const url = `http://127.0.0.1:${port}`;
        const environment = {
          PORT: port,
          HOST: '127.0.0.1',
          NEXTAUTH_URL: url,
          REKEY_LOG_LEVEL: 'info',
          ...(number === 2 ? { DATABASE_URL: options.secondStoreUrl } : TELLS_MEMORY),
        };
        crew.members.push({ kind, number, url, environment, running: crew.#run({ kind, number, environment }) });
      }
    }
    await Promise.all(crew.members.map(({ running }) => running.ready));
    return crew;
  }

  find(kind: Kind, number: 1 | 2): Member {
    const found = this.members.find((member) => member.kind === kind && member.number === number);
    if (!found) throw new Error(`no ${kind} ${number}`);
    return found;
  }

  get urls(): string[] {
    return this.members.filter(({ kind }) => kind === 'web').map(({ url }) => url);
  }

  /** SIGKILL, and at once another one in its place, whose clock is off by so much. */
  async kill(member: Member, clockMs = 0): Promise<void> {
    if (this.#isStopping) return;
    this.#replaced.add(member);
    if (isRunning(member)) process.kill(member.running.pid, 'SIGKILL');
    await member.running.exited;
    this.#keepOutput(member);
    member.running = this.#run(member, clockOff(clockMs));
    this.#replaced.delete(member);
  }

  /** Starts those again that have ended by themselves, as whoever supervises them would. Returns which. */
  revive(): Member[] {
    const ended: Member[] = [];
    for (const member of this.members) {
      if (isRunning(member) || this.#replaced.has(member)) continue;
      ended.push(member);
      this.#keepOutput(member);
      member.running = this.#run(member);
    }
    return ended;
  }

  /** Resolves once all four say that they are ready. */
  async ready(): Promise<void> {
    await until(
      'web servers and workers to be ready',
      async () => {
        this.revive();
        await Promise.all(this.members.map(({ running }) => running.ready));
        return true;
      },
      { timeoutMs: 90_000, everyMs: 1_000 },
    );
  }

  /** All that the processes said: those that have ended, and those that run. */
  output(): string {
    return this.#output + this.members.map(({ running }) => running.output()).join('');
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const member of this.members) if (isRunning(member)) process.kill(member.running.pid, 'SIGKILL');
    await Promise.all(this.members.map(({ running }) => running.exited));
  }

  #run({ kind, number, environment }: Pick<Member, 'kind' | 'number' | 'environment'>, more: Record<string, string> = {}): RunningWorker {
    const [script, readyWords] = SCRIPTS[kind === 'worker' ? 'worker' : this.#options.web];
    return runProcess(script, readyWords, { ...environment, ...more }, number === 2 ? this.#options.secondFolder : undefined);
  }

  /** Only the last words count: an hour of them would be the memory that is measured. */
  #keepOutput({ running }: Member): void {
    this.#output = (this.#output + running.output()).slice(-2_000_000);
  }
}

export const isRunning = ({ running: { pid } }: Member): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** Whether it has said that it is ready. */
export const isReady = (member: Member): boolean => isRunning(member) && /(?:api|worker|web server) ready/.test(member.running.output().slice(0, 5_000));

/** The resident memory of a process in MB; null where it has just ended. */
export function residentMb({ running: { pid } }: Member): number | null {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024 || null;
  } catch {
    return null;
  }
}

const LIBRARY = (() => {
  for (const folder of existsSync('/usr/lib') ? readdirSync('/usr/lib') : []) {
    const file = join('/usr/lib', folder, 'faketime/libfaketime.so.1');
    if (existsSync(file)) return file;
  }
  return null;
})();

/** Whether processes can be given another clock: Debian's libfaketime is there. */
export const canShiftClocks = LIBRARY !== null;

/** What gives a process a clock that is off; what measures time that passes is left alone. */
function clockOff(ms: number): Record<string, string> {
  if (LIBRARY === null || ms === 0) return {};
  return { LD_PRELOAD: LIBRARY, FAKETIME: `${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1_000}s`, DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_RESET: '1' };
}
