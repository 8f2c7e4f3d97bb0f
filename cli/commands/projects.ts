import type { Command } from 'commander';
import { openClient } from '#cli/open-client.ts';
import { listProjects } from '#cli/pick-project.ts';
import { printJson, printTable } from '#cli/print.ts';

export function addProjects(program: Command): void {
  program
    .command('projects')
    .description('list the projects')
    .option('--json', 'the answer of the API')
    .action(async ({ json }: { json?: boolean }) => {
      const projects = await listProjects(openClient());
      if (json) return printJson({ projects });
      printTable(
        ['PROJECT', 'STATE', 'SERVER', 'ROLE', 'ROTATED'],
        projects.map(({ slug, state, public_host, direct_port, role_name, rotated_at }) => [
          slug,
          state,
          `${public_host}:${direct_port}`,
          role_name,
          rotated_at ?? 'never',
        ]),
      );
    });
}
