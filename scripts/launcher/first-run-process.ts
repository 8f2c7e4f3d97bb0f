import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { root } from '#scripts/run-tool.ts';
import { writeWhole } from '#scripts/servers/whole-file.ts';
import { adoptedStamp, type Demo } from './demo.ts';
import { say } from './progress.ts';

/** What scripts/first-run.ts reads from its standard input. */
export interface FirstRunInput {
  demo?: Demo | undefined;
  /** Absent where there is to be no demonstration site. */
  isDemoSiteNew?: boolean | undefined;
}

/** `demo` says what became of the demonstration's project; null where it was not to be made. */
const answer = z.object({
  setUpPath: z.string().nullable(),
  demo: z.object({ isAdopted: z.boolean(), why: z.string() }).nullable().default(null),
  /** See demoSiteState. */
  demoSite: z.enum(['none', 'made', 'wanted']).default('none'),
});

/** The answer in what first-run.ts printed. Warnings, such as that no worker is there to wake yet, may stand before it and after it. */
export function readAnswer(stdout: string): z.infer<typeof answer> {
  const line = stdout.split('\n').find((text) => text.startsWith('{"setUpPath":'));
  if (line === undefined) throw new Error('The first run ended without its answer.');
  return answer.parse(JSON.parse(line));
}

/**
 * Runs scripts/first-run.ts with the settings that the launcher has just made. Its input goes through standard input, so
 * that neither its command line nor its environment shows a password.
 */
export async function runFirstRun(dataDir: string, input: FirstRunInput, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<z.infer<typeof answer>> {
  const running = promisify(execFile)(process.execPath, ['--import', './scripts/require-settings.ts', 'scripts/first-run.ts'], { cwd: root, env, signal });
  running.child.stdin?.end(JSON.stringify(input));
  try {
    const told = readAnswer((await running).stdout);
    if (told.demo?.isAdopted) writeWhole(adoptedStamp(dataDir), '');
    else if (told.demo) say(`The demonstration has no project yet; the next start tries again. ${told.demo.why}`);
    return told;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(stderr?.trim() || message, { cause: error });
  }
}
