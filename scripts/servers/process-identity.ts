import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const proc = (path: string): string => {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
};

const ps = (pid: number, column: string): string => spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';

/** False on macOS, where `ps` tells the same. */
const hasProc = proc('self/stat') !== '';

function startTime(pid: number): string {
  if (!hasProc) return ps(pid, 'lstart');
  // The second field is the name in brackets and may hold anything; the state and the start time are fields 3 and 22.
  const fields = proc(`${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}

/**
 * Names a live process for good: pids are used again, by the next boot too, so boot and start time belong to the name.
 * Undefined for a pid that nobody has, and for a zombie, which holds nothing any more.
 */
export function identifyProcess(pid: number): string | undefined {
  const started = Number.isInteger(pid) && pid > 0 ? startTime(pid) : '';
  return started ? [pid, started, proc('sys/kernel/random/boot_id').trim()].join('/') : undefined;
}

/** The pid within an identity, while it is still that process; otherwise undefined. */
export function livePid(identity: string): number | undefined {
  const pid = Number(identity.split('/')[0]);
  return identifyProcess(pid) === identity ? pid : undefined;
}

/** The command line of a live process; empty where there is none. */
export const commandLine = (pid: number): string => (hasProc ? proc(`${pid}/cmdline`).replaceAll('\0', ' ') : ps(pid, 'command'));

/** False where there is no such process or group. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

/** The live processes, other than this one, whose environment had this text when they began; none where there is no /proc. */
export function findByEnvironment(entry: string): number[] {
  const pids = hasProc ? readdirSync('/proc').map(Number).filter(Number.isInteger) : [];
  return pids.filter((pid) => pid !== process.pid && proc(`${pid}/environ`).split('\0').includes(entry));
}

/** Signals a process and waits until it has gone; SIGKILL after the time limit. `group` reaches its children as well. */
export async function endProcess(identity: string, signal: NodeJS.Signals, options: { group?: boolean; timeoutMs?: number } = {}): Promise<void> {
  const { group = false, timeoutMs = 15_000 } = options;
  const killAt = Date.now() + timeoutMs;
  let next: NodeJS.Signals | undefined = signal;
  for (let pid = livePid(identity); pid !== undefined; pid = livePid(identity)) {
    // One that leads no group of its own is signalled alone.
    if (next && !(group && send(-pid, next))) send(pid, next);
    next = Date.now() > killAt ? 'SIGKILL' : undefined;
    await delay(50);
  }
}
