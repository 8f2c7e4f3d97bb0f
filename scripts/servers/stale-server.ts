import { existsSync, readFileSync, rmSync } from 'node:fs';
import { commandLine, endProcess, identifyProcess } from './process-identity.ts';

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
  const identity = identifyProcess(pid);
  if (identity && commandLine(pid).includes(dataDir)) await endProcess(identity, 'SIGINT');
  rmSync(pidFile, { force: true });
}
