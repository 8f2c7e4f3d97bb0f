import type { RunningWorker } from '#scripts/testing/run-worker.ts';
import { until } from '#scripts/torture/until.ts';

/** In MB. `heapUsed` is what the process holds once everything that nothing refers to is collected. */
export interface Memory {
  heapUsed: number;
  rss: number;
}

/** What a process needs in its environment to be asked for its memory. */
export const TELLS_MEMORY = { NODE_OPTIONS: `--import=${new URL('tell-memory.ts', import.meta.url).href}` };

/** Has a process that was started with `TELLS_MEMORY` and is ready collect its garbage, and returns its memory. */
export async function askMemory({ pid, output }: RunningWorker): Promise<Memory> {
  const said = () => output().match(/^memory .*$/gm) ?? [];
  const before = said().length;
  process.kill(pid, 'SIGUSR2');
  await until('what the process holds', async () => said().length > before, { timeoutMs: 60_000, everyMs: 100 });
  return JSON.parse(said().at(-1)?.slice('memory '.length) ?? '') as Memory;
}
