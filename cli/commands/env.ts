import type { Command } from 'commander';
import { openClient } from '#cli/open-client.ts';
import { pickProject } from '#cli/pick-project.ts';
import { tell } from '#cli/print.ts';
import { writeEnvFile } from '#cli/write-env-file.ts';
import { connectionsAnswer } from '#lib/contract/project.ts';

export function addEnv(program: Command): void {
  program
    .command('env')
    .description('work with .env files')
    .command('pull')
    .description('write DATABASE_URL (pooled, where there is a pooler) and DATABASE_URL_UNPOOLED into a .env file; other lines stay')
    .argument('[file]', 'which file', '.env')
    .option('--project <project>', 'id, slug or name')
    .action(async (file: string, { project: asked }: { project?: string }) => {
      const client = openClient();
      const project = await pickProject(client, asked);
      const { connections } = await client.get(`/projects/${project.id}/connections`, connectionsAnswer);
      writeEnvFile(file, { DATABASE_URL: connections.pooled_url ?? connections.direct_url, DATABASE_URL_UNPOOLED: connections.direct_url });
      tell(`${file} has the URLs of ${project.name}. Only you can read it; keep it out of version control.`);
    });
}
