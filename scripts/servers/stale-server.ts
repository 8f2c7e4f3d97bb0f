import { existsSync, readFileSync, rmSync } from 'node:fs';
import { commandLine, endProcess, identifyProcess } from './process-identity.ts';

/**
 * Clears the way for a server whose pid file stands from an earlier start.
 * After a kill -9 of the starter the server lives on and is stopped: its command line names `path`, its own folder or
 * file, so it is ours. Otherwise the pid is a zombie's or a stranger's, either of which a server may take for a live
 * one of this folder: the file goes.
 */
export async function stopStaleServer(pidFile: string, path: string, signal: NodeJS.Signals): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const identity = identifyProcess(pid);
  if (identity && commandLine(pid).includes(path)) await endProcess(identity, signal);
  // Nobody has the pid: the server itself clears the file away, after it has looked for backends that still live.
  if (isTaken(pid)) rmSync(pidFile, { force: true });
}

/** Also a zombie's, which a server takes for a live process. */
function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The same for PostgreSQL's own pid file. */
export const stopStalePostgres = (dataDir: string): Promise<void> => stopStaleServer(`${dataDir}/postmaster.pid`, dataDir, 'SIGINT');
