import { type Command, Option } from 'commander';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { openClient } from '#cli/open-client.ts';
import { pickProject } from '#cli/pick-project.ts';
import { printJson, printLine } from '#cli/print.ts';
import { ENGINE_NAMES } from '#lib/contract/engines/engines.ts';
import { connectionsAnswer } from '#lib/contract/project.ts';
import { openParts } from '#lib/contract/snippets/project-parts.ts';
import { type Framework, frameworksOf, snippetText, writeSnippet } from '#lib/contract/snippets/snippets.ts';

interface Options {
  pooled?: boolean;
  format: Framework | 'url';
  json?: boolean;
}

const FORMATS = [...new Set(ENGINE_NAMES.flatMap((engine) => frameworksOf(engine).map(({ id }) => id)))];

export function addConnectionString(program: Command): void {
  program
    .command('connection-string')
    .description('print the connection URL, with the password; reading it is audited')
    .argument('[project]', 'id, slug or name')
    .option('--pooled', 'through the pooler, where there is one')
    .addOption(new Option('--format <format>', 'how it is written').choices(['url', ...FORMATS]).default('url'))
    .option('--json', 'the answer of the API')
    .action(async (asked: string | undefined, { pooled, format, json }: Options) => {
      const client = openClient();
      const project = await pickProject(client, asked);
      const known = frameworksOf(project.engine).map(({ id }) => id);
      if (format !== 'url' && !known.includes(format))
        throw new CommandFailure(EXIT.usage, `${project.name} is not reached by ${format}. Use one of: url, ${known.join(', ')}.`);
      const answer = await client.get(`/projects/${project.id}/connections`, connectionsAnswer);
      const { connections } = answer;
      if (json) return printJson(answer);
      if (format === 'url') return printLine((pooled && connections.pooled_url) || connections.direct_url);
      printLine(snippetText(writeSnippet(format, openParts(project, connections), pooled ? 'pooled' : 'direct')));
    });
}
