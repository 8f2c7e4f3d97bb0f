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
 * True while the process lives and its command line holds `word`. Pids are used again after a reboot, so a pid read
 * from a file proves nothing by itself. Where there is no /proc (macOS, Windows), a live process is believed.
 */
export function isOurs(pid: number, word: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || processState(pid) !== 'alive') return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
  } catch {
    return !existsSync('/proc/self/cmdline');
  }
}

/** Sends the signal to a process that is ours, and SIGKILL after the time limit; resolves when it has gone. */
export async function stopOurs(pid: number, word: string, signal: NodeJS.Signals, timeoutMs = 15_000): Promise<void> {
  if (!isOurs(pid, word)) return;
  process.kill(pid, signal);
  const end = Date.now() + timeoutMs;
  while (isOurs(pid, word) && Date.now() < end) await delay(50);
  if (!isOurs(pid, word)) return;
  process.kill(pid, 'SIGKILL');
  while (isOurs(pid, word)) await delay(50);
}

/**
 * Clears the way for a server whose pid file stands from an earlier start.
 * After a kill -9 of the starter the server lives on and is stopped: its command line names the data folder, so it
 * is ours. Otherwise the pid is a zombie's or a stranger's, either of which PostgreSQL may take for a live server of
 * this folder: the file goes.
 */
export async function stopStaleServer(dataDir: string): Promise<void> {
  const pidFile = `${dataDir}/postmaster.pid`;
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  await stopOurs(pid, dataDir, 'SIGINT');
  rmSync(pidFile, { force: true });
}
