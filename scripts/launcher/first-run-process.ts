import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import { root } from '#scripts/run-tool.ts';
import { adoptedStamp, type Demo } from './demo.ts';

const answer = z.object({ setUpPath: z.string().nullable() });

/** The answer in what first-run.ts printed. Warnings, such as that no worker is there to wake yet, may stand before it and after it. */
export function readAnswer(stdout: string): z.infer<typeof answer> {
  const line = stdout.split('\n').find((text) => text.startsWith('{"setUpPath":'));
  if (line === undefined) throw new Error('The first run ended without its answer.');
  return answer.parse(JSON.parse(line));
}

/**
 * Runs scripts/first-run.ts, which needs the settings that the launcher has just made up. What it is told goes
 * through its standard input: neither its command line nor its environment shows a password.
 */
export async function runFirstRun(dataDir: string, demo: Demo | undefined, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<z.infer<typeof answer>> {
  const running = promisify(execFile)(process.execPath, ['--import', './scripts/require-settings.ts', 'scripts/first-run.ts'], { cwd: root, env, signal });
  running.child.stdin?.end(JSON.stringify({ demo }));
  try {
    const { setUpPath } = readAnswer((await running).stdout);
    if (demo?.isNew) writeFileSync(adoptedStamp(dataDir), '');
    return { setUpPath };
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim() || message, { cause: error });
  }
}
