import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programEnv } from '#scripts/servers/child-env.ts';

export const root = join(import.meta.dirname, '..');

const require = createRequire(import.meta.url);

export interface ToolOptions {
  /** Settings beside what any program needs of the environment. */
  env?: Record<string, string>;
  /** Ends the tool when the launcher is asked to stop. */
  signal?: AbortSignal;
}

/** Runs a command-line tool of a package in the repository; throws with everything it printed when it fails. */
async function runTool(script: string, args: string[], { env, signal }: ToolOptions): Promise<void> {
  const quiet = { CHECKPOINT_DISABLE: '1', NEXT_TELEMETRY_DISABLED: '1' };
  const options = { cwd: root, env: { ...programEnv(), ...quiet, ...env }, signal, maxBuffer: 64 * 1024 * 1024 };
  try {
    await promisify(execFile)(process.execPath, [require.resolve(script), ...args], options as typeof options & { env: NodeJS.ProcessEnv });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${script.split('/')[0]} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

export const runPrisma = (args: string[], options: ToolOptions = {}): Promise<void> => runTool('prisma/build/index.js', args, options);
/** Writes the OpenAPI document that the API answers with. */
export const describeApi = (options: ToolOptions = {}): Promise<void> => runTool('./openapi/main.ts', [], options);
export const runNext = (args: string[], options: ToolOptions = {}): Promise<void> => runTool('next/dist/bin/next', args, options);
