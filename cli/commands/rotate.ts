import { type Command, Option } from 'commander';
import { startCampaign } from '#cli/commands/campaign.ts';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { describeJob, followJob } from '#cli/follow-job.ts';
import { openClient } from '#cli/open-client.ts';
import { pickProject } from '#cli/pick-project.ts';
import { printJson, printLine, tell } from '#cli/print.ts';
import { jobAnswer, rotateBody } from '#lib/contract/job.ts';
import { projectAnswer } from '#lib/contract/project.ts';

interface Options {
  tag?: string;
  wait?: boolean;
  json?: boolean;
  closeSessions?: boolean;
  reason?: string;
  note?: string;
}

export function addRotate(program: Command): void {
  program
    .command('rotate')
    .description('rotate the password of a project’s login')
    .argument('[project]', 'id, slug or name')
    .option('--tag <key=value>', 'all projects with this tag, as a campaign')
    .option('--wait', 'wait until the new password has logged in and the old one was rejected')
    .option('--close-sessions', 'end sessions that were opened with the old password')
    .addOption(new Option('--reason <reason>', 'for the audit log').choices(rotateBody.shape.reason.unwrap().options))
    .option('--note <text>', 'for the audit log')
    .option('--json', 'the job, as the API answers it')
    .action(async (asked: string | undefined, { tag, wait, json, closeSessions, reason, note }: Options) => {
      const client = openClient();
      const body = { ...(closeSessions && { close_sessions: true }), ...(reason && { reason }), ...(note && { note }) };
      if (tag !== undefined) {
        if (asked !== undefined) throw new CommandFailure(EXIT.usage, 'Name a project or use --tag, not both.');
        return startCampaign(client, { name: `Projects with ${tag}`.slice(0, 80), filter: { tag }, ...body }, { wait, json });
      }
      const project = await pickProject(client, asked);
      const { warnings = [] } = (await client.get(`/projects/${project.id}`, projectAnswer)).project;
      for (const { message } of warnings) tell(`Warning: ${message}`);
      const started = await client.send('POST', `/projects/${project.id}/credentials/rotate`, body, jobAnswer);
      const job = wait ? await followJob(client, started.job.id, project.role_name) : started.job;
      if (json) return printJson({ job });
      if (wait) tell(describeJob(job));
      else printLine(job.id);
    });
}
