import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { AttackName, Endings, Size } from './attacks.ts';

/** A request that somebody else makes meanwhile. */
export interface Honest {
  path: string;
  headers?: Record<string, string>;
  status: number;
}

export interface Outcome {
  endings: Endings;
  /** How much more memory the server's process used than before, at most, in MB. */
  grownMb: number;
  /** Of each honest request, in ms. */
  times: number[];
  /** Honest requests without the answer they should have. */
  wrong: string[];
}

const PAUSE_MS = 10;

/** Resident memory of a process, in MB. */
export const residentMb = (pid: number): number => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

/** How long an honest request takes, on a connection of its own or on one that is kept, in ms; its status. */
async function ask(url: URL, { path, headers = {} }: Honest, agent: Agent): Promise<{ ms: number; status: number }> {
  const started = performance.now();
  const sent = request(new URL(path, url), { agent, headers }).end();
  const [answer] = await once(sent, 'response', { signal: AbortSignal.timeout(30_000) });
  await text(answer);
  return { ms: performance.now() - started, status: answer.statusCode };
}

/** Makes honest requests in turn, each on a new connection and on a kept one, until told to stop. */
export async function askUntil(url: URL, honest: Honest[], isOver: () => boolean): Promise<Pick<Outcome, 'times' | 'wrong'>> {
  const agents = [new Agent({ keepAlive: false }), new Agent({ keepAlive: true, maxSockets: 1 })];
  const times: number[] = [];
  const wrong: string[] = [];
  while (!isOver()) {
    for (const one of honest) {
      for (const agent of agents) {
        try {
          const { ms, status } = await ask(url, one, agent);
          times.push(ms);
          if (status !== one.status) wrong.push(`${one.path}: ${status}`);
        } catch (error) {
          wrong.push(`${one.path}: ${(error as NodeJS.ErrnoException).code ?? error}`);
        }
        await delay(PAUSE_MS);
      }
    }
  }
  for (const agent of agents) agent.destroy();
  return { times, wrong };
}

/** Runs one attack and measures the server beside it: its memory, and how others are served. */
export async function measureAttack(url: URL, pid: number, name: AttackName, size: Size, honest: Honest[]): Promise<Outcome> {
  const before = residentMb(pid);
  let most = before;
  const watching = setInterval(() => {
    most = Math.max(most, residentMb(pid));
  }, 50);
  const attacker = new Worker(join(import.meta.dirname, 'attacker.ts'), { workerData: { name, port: Number(url.port), size } });
  let isOver = false;
  const asking = askUntil(url, honest, () => isOver);
  try {
    const [endings] = (await once(attacker, 'message')) as [Endings];
    return { endings, grownMb: most - before, ...(await stop()) };
  } finally {
    await stop();
    await attacker.terminate();
  }

  async function stop(): Promise<Pick<Outcome, 'times' | 'wrong'>> {
    clearInterval(watching);
    isOver = true;
    return asking;
  }
}
