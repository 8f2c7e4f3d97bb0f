import type { Command } from 'commander';
import { describeJob } from '#cli/follow-job.ts';
import { openClient } from '#cli/open-client.ts';
import { pickProject } from '#cli/pick-project.ts';
import { printJson, printLine, printTable } from '#cli/print.ts';
import { jobAnswer, jobList } from '#lib/contract/job.ts';

export function addJobs(program: Command): void {
  program
    .command('jobs')
    .description('list a project’s jobs, newest first, or show one')
    .argument('[job]', 'the id of one job')
    .option('--project <project>', 'id, slug or name')
    .option('--limit <count>', 'how many', '20')
    .option('--json', 'the answer of the API')
    .action(async (jobId: string | undefined, { project: asked, limit, json }: { project?: string; limit: string; json?: boolean }) => {
      const client = openClient();
      if (jobId !== undefined) {
        const answer = await client.get(`/jobs/${encodeURIComponent(jobId)}`, jobAnswer);
        return json ? printJson(answer) : printLine(describeJob(answer.job));
      }
      const project = await pickProject(client, asked);
      const answer = await client.get(`/projects/${project.id}/jobs?limit=${encodeURIComponent(limit)}`, jobList);
      if (json) return printJson(answer);
      printTable(
        ['JOB', 'TYPE', 'STATE', 'CREATED', 'BY'],
        answer.jobs.map(({ id, type, state, created_at, requested_by }) => [id, type, state, created_at, requested_by]),
      );
    });
}
