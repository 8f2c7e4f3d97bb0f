import { type Command, Option } from 'commander';
import { describeJob, followJob } from '#cli/follow-job.ts';
import { openClient } from '#cli/open-client.ts';
import { pickProject } from '#cli/pick-project.ts';
import { printJson, printLine, tell } from '#cli/print.ts';
import { jobAnswer, rotateBody } from '#lib/http/wire/job.ts';

interface Options {
  wait?: boolean;
  json?: boolean;
  closeSessions?: boolean;
  reason?: string;
  note?: string;
}

export function addRotate(program: Command): void {
  program
    .command('rotate')
    .description('give a project’s login a new password')
    .argument('[project]', 'id, slug or name')
    .option('--wait', 'until it is completed: the new password logged in, the old one was refused')
    .option('--close-sessions', 'end the sessions that logged in before the change')
    .addOption(new Option('--reason <reason>', 'for the audit trail').choices(rotateBody.shape.reason.unwrap().options))
    .option('--note <text>', 'for the audit trail')
    .option('--json', 'the job, as the API answers it')
    .action(async (asked: string | undefined, { wait, json, closeSessions, reason, note }: Options) => {
      const client = openClient();
      const project = await pickProject(client, asked);
      const body = { ...(closeSessions && { close_sessions: true }), ...(reason && { reason }), ...(note && { note }) };
      const started = await client.send('POST', `/projects/${project.id}/credentials/rotate`, body, jobAnswer);
      const job = wait ? await followJob(client, started.job.id, project.role_name) : started.job;
      if (json) return printJson({ job });
      if (wait) tell(describeJob(job));
      else printLine(job.id);
    });
}
