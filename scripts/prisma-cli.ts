import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');

/** Runs Prisma's command line in the repository; answers what it printed, or throws with it. */
export async function runPrisma(args: string[], env: Record<string, string> = {}): Promise<string> {
  const command = [join(root, 'node_modules/prisma/build/index.js'), ...args];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root, env: { ...process.env, CHECKPOINT_DISABLE: '1', ...env } });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`prisma ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
