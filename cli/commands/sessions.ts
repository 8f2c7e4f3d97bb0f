import type { Command } from 'commander';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { openClient } from '#cli/open-client.ts';
import { pickProject } from '#cli/pick-project.ts';
import { printJson, printTable, tell } from '#cli/print.ts';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type EndSessionsBody, type SessionListWire, sessionList, sessionsEnded } from '#lib/contract/project.ts';

interface EndOptions {
  all?: boolean;
  application?: string;
  address?: string;
  json?: boolean;
}

/** The API's path for the old sessions of a project's newest rotation. */
async function pathOf(client: ApiClient, asked: string | undefined): Promise<string> {
  const { name, old_sessions: old } = await pickProject(client, asked);
  if (!old)
    throw new CommandFailure(EXIT.notFound, `${name} has no old sessions to show: no rotation gave it its current password, or they could not be counted.`);
  return `/jobs/${old.job_id}/old-sessions`;
}

const printSessions = ({ sessions }: SessionListWire): void =>
  printTable(
    ['APPLICATION', 'ADDRESS', 'SESSIONS', 'SINCE'],
    sessions.map(({ application, address, count, since }) => [application || '-', address, String(count), since ?? '-']),
  );

/** What to end. Nothing is ended without saying which: a list that is piped into `end` must not cut everything. */
function bodyOf({ all, application, address }: EndOptions): EndSessionsBody {
  if (all && application === undefined && address === undefined) return {};
  if (!all && address !== undefined) return { application: application ?? '', address };
  throw new CommandFailure(EXIT.usage, 'Say which sessions end: --all, or --application and --address as `rekey sessions list` prints them.');
}

export function addSessions(program: Command): void {
  const sessions = program.command('sessions').description('list and end sessions on the old password of the last rotation');
  sessions
    .command('list')
    .description('list them as they are open now')
    .argument('[project]', 'id, slug or name')
    .option('--json', 'the answer of the API')
    .action(async (asked: string | undefined, { json }: { json?: boolean }) => {
      const client = openClient();
      const answer = await client.get(await pathOf(client, asked), sessionList);
      if (json) printJson(answer);
      else printSessions(answer);
    });
  sessions
    .command('end')
    .description('end them; running queries are canceled, sessions on the new password stay')
    .argument('[project]', 'id, slug or name')
    .option('--all', 'all of them')
    .option('--application <name>', 'those of this application; leave it out where the list prints “-”')
    .option('--address <address>', 'those from this address')
    .option('--json', 'the answer of the API')
    .action(async (asked: string | undefined, options: EndOptions) => {
      const body = bodyOf(options);
      const client = openClient();
      const answer = await client.send('POST', `${await pathOf(client, asked)}/end`, body, sessionsEnded);
      if (options.json) return printJson(answer);
      tell(`${answer.ended} ended, ${answer.left} left on the old password.`);
    });
}
