import type { Command } from 'commander';
import { openClient } from '#cli/open-client.ts';
import { printJson, printTable } from '#cli/print.ts';
import { projectList } from '#lib/http/wire/project.ts';

export function addProjects(program: Command): void {
  program
    .command('projects')
    .description('list the projects')
    .option('--json', 'the answer of the API')
    .action(async ({ json }: { json?: boolean }) => {
      const answer = await openClient().get('/projects', projectList);
      if (json) return printJson(answer);
      printTable(
        ['PROJECT', 'STATE', 'SERVER', 'ROLE', 'ROTATED'],
        answer.projects.map(({ slug, state, public_host, direct_port, role_name, rotated_at }) => [
          slug,
          state,
          `${public_host}:${direct_port}`,
          role_name,
          rotated_at ?? 'never',
        ]),
      );
    });
}
