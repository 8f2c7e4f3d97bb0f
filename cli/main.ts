import completion from '@bomb.sh/tab/commander';
import { Command, CommanderError } from 'commander';
import { addAudit } from '#cli/commands/audit.ts';
import { addCampaign } from '#cli/commands/campaign.ts';
import { addConnectionString } from '#cli/commands/connection-string.ts';
import { addEnv } from '#cli/commands/env.ts';
import { addImport } from '#cli/commands/import.ts';
import { addJobs } from '#cli/commands/jobs.ts';
import { addKeys } from '#cli/commands/keys.ts';
import { addLogin } from '#cli/commands/login.ts';
import { addPolicy } from '#cli/commands/policy.ts';
import { addProjects } from '#cli/commands/projects.ts';
import { addRotate } from '#cli/commands/rotate.ts';
import { addSessions } from '#cli/commands/sessions.ts';
import { ApiProblem } from '#lib/contract/api-client.ts';
import packageJson from '#package.json' with { type: 'json' };
import { CommandFailure, EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { tell } from './print.ts';
import { setCaFile } from './settings.ts';

const program = new Command('rekey')
  .description('Rotates database passwords and proves each change with a login.')
  .version(packageJson.version, '-V, --version', 'print the version')
  .option('--ca <file>', 'trust this CA certificate too (PEM); `login` saves it, REKEY_CA names one for scripts')
  .hook('preAction', (_, command) => {
    const { ca } = command.optsWithGlobals<{ ca?: string }>();
    if (ca !== undefined) setCaFile(ca);
  })
  .exitOverride()
  .showHelpAfterError();
for (const add of [addLogin, addProjects, addRotate, addSessions, addConnectionString, addEnv, addImport, addJobs, addPolicy, addCampaign, addAudit, addKeys])
  add(program);
completion(program);

// A reader that has read enough, such as `head`, closes the pipe. The command goes on, so that its exit code stays true.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

function tellProblem({ message, errors, status, requestId }: ApiProblem): void {
  tell(message);
  for (const [field, texts] of Object.entries(errors)) tell(`  ${field}: ${texts.join(' ')}`);
  if (status === 401) tell('Run `rekey login` with a valid key, or correct REKEY_API_KEY.');
  if (status >= 500 && requestId !== null) tell(`  request ${requestId}`);
}

/** Prints what went wrong and returns the exit code. */
function codeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof ApiProblem) {
    tellProblem(error);
    return exitCodeOf(error.status);
  }
  tell(error instanceof Error ? error.message : String(error));
  return error instanceof CommandFailure ? error.exitCode : EXIT.unexpected;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}
