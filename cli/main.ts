import { Command, CommanderError } from 'commander';
import { addAudit } from '#cli/commands/audit.ts';
import { addConnectionString } from '#cli/commands/connection-string.ts';
import { addEnv } from '#cli/commands/env.ts';
import { addJobs } from '#cli/commands/jobs.ts';
import { addKeys } from '#cli/commands/keys.ts';
import { addLogin } from '#cli/commands/login.ts';
import { addProjects } from '#cli/commands/projects.ts';
import { addRotate } from '#cli/commands/rotate.ts';
import { ApiProblem } from '#lib/http/api-client.ts';
import { CommandFailure, EXIT, type ExitCode, exitCodeOf } from './exit-codes.ts';
import { tell } from './print.ts';

const program = new Command('rekey').description('Rotates database passwords, and proves it.').exitOverride().showHelpAfterError();
for (const add of [addLogin, addProjects, addRotate, addConnectionString, addEnv, addJobs, addAudit, addKeys]) add(program);

/** Says what went wrong and gives the code to end with. */
function codeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  tell(error instanceof Error ? error.message : String(error));
  if (error instanceof CommandFailure) return error.exitCode;
  return error instanceof ApiProblem ? exitCodeOf(error.status) : EXIT.unexpected;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}
