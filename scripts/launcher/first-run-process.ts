import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import { root } from '#scripts/run-tool.ts';
import { adoptedStamp, type Demo } from './demo.ts';

const answer = z.object({ setUpPath: z.string().nullable() });

/**
 * Runs scripts/first-run.ts, which needs the settings that the launcher has just made up. What it is told goes
 * through its standard input: neither its command line nor its environment shows a password.
 */
export async function runFirstRun(dataDir: string, demo: Demo | undefined, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<z.infer<typeof answer>> {
  const running = promisify(execFile)(process.execPath, ['--import', './scripts/require-settings.ts', 'scripts/first-run.ts'], { cwd: root, env, signal });
  running.child.stdin?.end(JSON.stringify({ demo }));
  try {
    // Warnings, such as that no worker is there to wake yet, may stand before it and after it.
    const line = (await running).stdout.split('\n').find((text) => text.startsWith('{"setUpPath":'));
    const { setUpPath } = answer.parse(JSON.parse(line ?? 'null'));
    if (demo?.isNew) writeFileSync(adoptedStamp(dataDir), '');
    return { setUpPath };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim() || message, { cause: error });
  }
}
