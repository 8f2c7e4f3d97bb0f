import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

type ProcessState = 'alive' | 'zombie' | 'gone';

function processState(pid: number): ProcessState {
  try {
    process.kill(pid, 0);
  } catch {
    return 'gone';
  }
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0] === 'Z' ? 'zombie' : 'alive';
  } catch {
    return 'alive';
  }
}

/**
 * Clears the way for a server whose pid file stands from an earlier start.
 * After a kill -9 of the starter the server lives on and is stopped (same data folder, so it is ours). After a
 * kill -9 of the server itself its pid may stay a zombie, which PostgreSQL takes for a live one: the file goes.
 */
export async function stopStaleServer(pidFile: string, timeoutMs = 15_000): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (processState(pid) === 'alive') process.kill(pid, 'SIGINT');
  const end = Date.now() + timeoutMs;
  while (processState(pid) === 'alive' && Date.now() < end) await delay(50);
  if (processState(pid) === 'zombie') rmSync(pidFile, { force: true });
}
