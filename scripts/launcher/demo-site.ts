import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '#scripts/run-tool.ts';
import { startMariadb } from '#scripts/servers/mariadb.ts';
import { writeWhole } from '#scripts/servers/whole-file.ts';
import { isFree } from './ports.ts';
import { say } from './progress.ts';
import type { Supervisor } from './supervisor.ts';

const folderOf = (dataDir: string): string => join(dataDir, 'demo-site');
const stampOf = (dataDir: string): string => join(folderOf(dataDir), 'adopted');

/** What scripts/demo-site.ts reads from its standard input. */
export interface DemoSiteServer {
  port: number;
  adminPassword: string;
  /** The wp-config.php that is written for the site. */
  configPath: string;
}

/** True until the site has been made once: a person who deletes it does not get it again. */
export const isDemoSiteNew = (dataDir: string): boolean => !existsSync(stampOf(dataDir));

/**
 * Starts the demonstration's MariaDB and, where `isWanted`, makes its site. Called once Rekey is ready, so that the first
 * page does not wait for it; whatever fails here is said, and Rekey runs on without it until the next start.
 */
export async function startDemoSite(dataDir: string, port: number, isWanted: boolean, { keep, signal }: Supervisor, env: NodeJS.ProcessEnv): Promise<void> {
  try {
    if (!(await isFree(port))) return say(`The demonstration site stays off: another program has taken its port ${port}.`);
    const start = async () => ({ name: 'demo MariaDB', ...(await startMariadb({ dir: folderOf(dataDir), port })) });
    const { password } = await keep(start, { isDemo: true });
    const configPath = join(folderOf(dataDir), 'wp-config.php');
    if (isWanted) await makeSite({ port, adminPassword: password.reveal(), configPath }, env, signal);
    writeWhole(stampOf(dataDir), '');
    say(`The site 12345 is a demonstration: MariaDB on port ${port}, its development password in ${configPath}, and the environment 67890.`);
  } catch (error) {
    if (signal.aborted) return;
    say(`The demonstration site is not ready, and Rekey runs without it; the next start tries again. ${(error as Error).message}`);
  }
}

/** Runs scripts/demo-site.ts with the store's settings. Its input holds a password, so it goes through standard input. */
async function makeSite(server: DemoSiteServer, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const running = promisify(execFile)(process.execPath, ['--import', './scripts/require-settings.ts', 'scripts/demo-site.ts'], { cwd: root, env, signal });
  running.child.stdin?.end(JSON.stringify(server));
  try {
    await running;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim() || message, { cause: error });
  }
}
