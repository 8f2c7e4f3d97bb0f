import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { describeCampaign, followCampaign } from '#cli/follow-campaign.ts';
import { openClient } from '#cli/open-client.ts';
import { printJson, printLine, printTable, tell } from '#cli/print.ts';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type CampaignWire, campaignAnswer, campaignDetails, campaignList, type startCampaignBody } from '#lib/contract/campaign.ts';
import { rotateBody } from '#lib/contract/job.ts';

interface StartOptions {
  project?: string[];
  tag?: string;
  policy?: string;
  overdue?: boolean;
  all?: boolean;
  canary?: string;
  waves?: string;
  atOnce?: string;
  perServer?: string;
  stopAt?: string;
  reason?: string;
  note?: string;
  closeSessions?: boolean;
  wait?: boolean;
  json?: boolean;
}
interface Json {
  json?: boolean;
}

type StartBody = z.input<typeof startCampaignBody>;

/** Starts a campaign and prints its id; with `wait`, follows it to its end. */
export async function startCampaign(
  client: ApiClient,
  body: Omit<StartBody, 'reason'> & { reason?: string },
  { wait, json }: { wait?: boolean; json?: boolean },
): Promise<void> {
  const { campaign } = await client.send('POST', '/campaigns', body, campaignAnswer);
  if (wait) tell(`Campaign ${campaign.id} over ${campaign.progress.total} logins.`);
  const ended = wait ? await followCampaign(client, campaign.id) : campaign;
  if (json) printJson({ campaign: ended });
  else if (wait) tell(describeCampaign(ended));
  else printLine(campaign.id);
}

function selectionOf({ project, tag, policy, overdue, all }: StartOptions): Pick<StartBody, 'project_ids' | 'filter'> {
  const isFiltered = tag !== undefined || policy !== undefined || overdue || all;
  if (project && isFiltered)
    throw new CommandFailure(EXIT.usage, 'Name projects with --project, or match them with --tag, --policy, --overdue or --all; not both.');
  if (project) return { project_ids: project };
  if (!isFiltered) throw new CommandFailure(EXIT.usage, 'Which logins? Use --tag team=shop, --policy ID, --overdue, --project ID or --all.');
  return { filter: { ...(tag !== undefined && { tag }), ...(policy !== undefined && { policy }), ...(overdue && { overdue }) } };
}

async function start(name: string, options: StartOptions): Promise<void> {
  const { canary, waves, atOnce, perServer, stopAt, reason, note, closeSessions } = options;
  const body = {
    name,
    ...selectionOf(options),
    ...(canary !== undefined && { canary: Number(canary) }),
    ...(waves !== undefined && { waves: waves === '' ? [] : waves.split(',').map(Number) }),
    ...(atOnce !== undefined && { at_once: Number(atOnce) }),
    ...(perServer !== undefined && { at_once_per_server: Number(perServer) }),
    ...(stopAt !== undefined && (stopAt.endsWith('%') ? { stop_share: Number(stopAt.slice(0, -1)), stop_failures: null } : { stop_failures: Number(stopAt) })),
    ...(reason && { reason }),
    ...(note && { note }),
    ...(closeSessions && { close_sessions: true }),
  };
  await startCampaign(openClient(), body, options);
}

/** The campaign of that id, or the newest of that name. */
async function pickCampaign(client: ApiClient, asked: string): Promise<CampaignWire> {
  let cursor: string | undefined;
  do {
    const page: z.infer<typeof campaignList> = await client.get(
      `/campaigns?limit=200${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      campaignList,
    );
    const found = page.campaigns.find(({ id, name }) => id === asked || name === asked);
    if (found) return found;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  throw new CommandFailure(EXIT.notFound, `There is no campaign ${asked}. List them with: rekey campaign list.`);
}

async function act(asked: string, verb: 'pause' | 'resume' | 'abort' | 'retry', { json }: Json): Promise<void> {
  const client = openClient();
  const { id } = await pickCampaign(client, asked);
  const answer = await client.send('POST', `/campaigns/${id}/${verb}`, {}, campaignAnswer);
  if (json) printJson(answer);
  else tell(describeCampaign(answer.campaign));
}

async function showStatus(asked: string, { json, wait }: Json & { wait?: boolean }): Promise<void> {
  const client = openClient();
  const { id } = await pickCampaign(client, asked);
  if (wait) await followCampaign(client, id);
  const answer = await client.get(`/campaigns/${id}`, campaignDetails);
  if (json) return printJson(answer);
  printTable(
    ['WAVE', 'LOGINS', 'ROTATED', 'FAILED', 'IN DOUBT', 'SKIPPED', 'IN PROGRESS', 'NOT STARTED'],
    answer.stages.map((stage) => [
      stage.wave === 0 ? 'canary' : String(stage.wave),
      ...[stage.total, stage.rotated, stage.failed, stage.in_doubt, stage.skipped, stage.running, stage.waiting].map(String),
    ]),
  );
  tell(describeCampaign(answer.campaign));
}

const collect = (value: string, all: string[] = []): string[] => [...all, value];

export function addCampaign(program: Command): void {
  const campaign = program.command('campaign').description('rotate many logins: a canary first, then waves');
  const withJson = (command: Command) => command.option('--json', 'the answer of the API');
  withJson(campaign.command('start').description('start a campaign over the logins that match now').argument('<name>'))
    .option('--project <id>', 'a project, by its id; may be repeated', collect)
    .option('--tag <key=value>', 'projects with this tag, such as team=shop')
    .option('--policy <id>', 'projects that this policy applies to')
    .option('--overdue', 'projects whose password is older than their policy allows')
    .option('--all', 'all projects')
    .option('--canary <logins>', 'logins in the first wave')
    .option('--waves <shares>', 'percent of all logins in each wave after it, such as 10,25; the rest comes last')
    .option('--at-once <logins>', 'rotations in progress at most')
    .option('--per-server <logins>', 'the same on each server')
    .option('--stop-at <failures>', 'stop at so many failures, or at a share such as 5%')
    .addOption(new Option('--reason <reason>', 'for the audit log').choices(rotateBody.shape.reason.unwrap().options))
    .option('--note <text>', 'for the audit log')
    .option('--close-sessions', 'end sessions that were opened with the old passwords')
    .option('--wait', 'wait until it has ended or stopped')
    .action(start);
  withJson(campaign.command('list').description('list the campaigns, newest first')).action(async ({ json }: Json) => {
    const answer = await openClient().get('/campaigns', campaignList);
    if (json) return printJson(answer);
    printTable(
      ['CAMPAIGN', 'STATE', 'ROTATED', 'FAILED', 'LOGINS', 'STARTED', 'NAME'],
      answer.campaigns.map(({ id, state, progress, created_at: at, name }) => [
        id,
        state,
        String(progress.rotated),
        String(progress.failed),
        String(progress.total),
        at,
        name,
      ]),
    );
  });
  const one = (name: string, description: string) => withJson(campaign.command(name).description(description).argument('<campaign>', 'id or name'));
  one('status', 'show how far a campaign is').option('--wait', 'wait until it has ended or stopped').action(showStatus);
  one('pause', 'start no further rotations; those in progress end').action((asked: string, options: Json) => act(asked, 'pause', options));
  one('resume', 'continue it, and accept the failures so far').action((asked: string, options: Json) => act(asked, 'resume', options));
  one('retry', 'rotate the logins that failed once more').action((asked: string, options: Json) => act(asked, 'retry', options));
  one('abort', 'end it; logins that have not started keep their password').action((asked: string, options: Json) => act(asked, 'abort', options));
}
