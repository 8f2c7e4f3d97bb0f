import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CommandFailure, EXIT } from '#cli/exit-codes.ts';
import { openClient } from '#cli/open-client.ts';
import { pickProject } from '#cli/pick-project.ts';
import { printJson, printLine, printTable, tell } from '#cli/print.ts';
import { parseTagRule, ruleWords, tagRuleText } from '#components/policies/policy-words.ts';
import { me } from '#lib/contract/account.ts';
import type { ApiClient } from '#lib/contract/api-client.ts';
import { type PolicyListWire, type PolicyWire, policyAnswer, policyList, projectPolicyAnswer, weekday } from '#lib/contract/policy.ts';

interface Json {
  json?: boolean;
}

interface CreateOptions extends Json {
  maxAge?: string;
  cron?: string;
  window?: string[];
  timeZone?: string;
  blackout?: string[];
  tag?: string;
  default?: boolean;
  closeSessions?: boolean;
  runWhenBack?: boolean;
}

const pathOf = async (client: ApiClient): Promise<string> => `/organizations/${(await client.get('/me', me)).organization.id}/policies`;

/** The policy of that id or name. */
async function pickPolicy(client: ApiClient, asked: string): Promise<{ path: string; policy: PolicyWire }> {
  const path = await pathOf(client);
  const { policies } = await client.get(path, policyList);
  const policy = policies.find(({ id, name }) => id === asked || name === asked);
  if (policy) return { path: `${path}/${policy.id}`, policy };
  const names = policies.map(({ name }) => name).join(', ') || 'none';
  throw new CommandFailure(EXIT.notFound, `There is no policy ${asked}. Name one of: ${names}.`);
}

/** `sun,mon 02:00-05:00`. */
function parseWindow(text: string): { days: string[]; from: string; to: string } {
  const [, days = '', from = '', to = ''] = /^([a-z,]+) (\d\d:\d\d)-(\d\d:\d\d)$/i.exec(text) ?? [];
  const named = days.toLowerCase() === 'daily' ? weekday.options : days.toLowerCase().split(',');
  if (from === '' || named.some((day) => !weekday.safeParse(day).success))
    throw new CommandFailure(EXIT.usage, `--window "${text}": write days and hours, such as "sun,wed 02:00-05:00" or "daily 22:00-01:00".`);
  return { days: [...named], from, to };
}

function parseBlackout(text: string): { from: string; to: string } {
  const [from = '', to = from] = text.split('..');
  return { from, to };
}

function describe({ policies, logins, without_policy: without }: PolicyListWire): void {
  printTable(
    ['POLICY', 'RULE', 'LOGINS', 'NEXT RUN', 'APPLIES TO'],
    policies.map((policy) => [
      policy.name,
      ruleWords(policy),
      String(policy.logins),
      policy.paused_at ? 'paused' : (policy.next_run_at ?? '-'),
      [tagRuleText(policy.tag_rule), policy.is_default ? 'default' : ''].filter(Boolean).join(', ') || '-',
    ]),
  );
  if (without > 0) tell(`${without} of ${logins} logins have no policy.`);
}

async function create(name: string, options: CreateOptions): Promise<void> {
  const rule = options.tag === undefined ? null : parseTagRule(options.tag);
  if (rule === undefined) throw new CommandFailure(EXIT.usage, '--tag: write conditions such as "env=production team!=payments".');
  const client = openClient();
  const body = {
    name,
    max_age_days: options.maxAge === undefined ? null : Number(options.maxAge),
    cron: options.cron ?? null,
    windows: (options.window ?? []).map(parseWindow),
    ...(options.timeZone && { time_zone: options.timeZone }),
    blackouts: (options.blackout ?? []).map(parseBlackout),
    tag_rule: rule,
    is_default: options.default ?? false,
    close_sessions: options.closeSessions ?? false,
    run_when_back: options.runWhenBack ?? false,
  };
  const answer = await client.send('POST', await pathOf(client), body, policyAnswer);
  if (options.json) return printJson(answer);
  printLine(answer.policy.id);
  tell(`${ruleWords(answer.policy)}. Nothing rotates now; it applies to ${answer.policy.logins} logins.`);
}

async function change(asked: string, body: object, done: string, { json }: Json): Promise<void> {
  const client = openClient();
  const { path, policy } = await pickPolicy(client, asked);
  const answer = await client.send('PATCH', path, body, policyAnswer);
  if (json) printJson(answer);
  else tell(`${policy.name} ${done}`);
}

/** Sets the policy of a project, or takes it away where `asked` is null. */
async function assign(asked: string | null, project: string | undefined, { json }: Json): Promise<void> {
  const client = openClient();
  const policy = asked === null ? null : (await pickPolicy(client, asked)).policy;
  const { id, name } = await pickProject(client, project);
  const answer = await client.send('PUT', `/projects/${id}/policy`, { policy_id: policy?.id ?? null }, projectPolicyAnswer);
  if (json) return printJson(answer);
  const applied = answer.policy;
  if (!applied) return tell(`${name} has no policy: it rotates only when someone starts it.`);
  tell(`${name}: ${applied.name}, next run ${applied.next_run_at ?? 'none'}.`);
}

const collect = (value: string, all: string[] = []): string[] => [...all, value];

export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('list, create and assign rotation policies');
  const withJson = (command: Command) => command.option('--json', 'the answer of the API');
  withJson(policy.command('list').description('list the policies')).action(async ({ json }: Json) => {
    const client = openClient();
    const answer = await client.get(await pathOf(client), policyList);
    if (json) printJson(answer);
    else describe(answer);
  });
  withJson(policy.command('create').description('create a policy; nothing rotates now').argument('<name>'))
    .addOption(new Option('--max-age <days>', 'rotate before a password is that old').conflicts('cron'))
    .option('--cron <expression>', 'rotate by a cron expression of five fields')
    .option('--window <days hours>', 'a maintenance window, such as "sun,wed 02:00-05:00"; may be repeated', collect)
    .option('--time-zone <zone>', 'an IANA time zone, such as Europe/Berlin', 'UTC')
    .option('--blackout <dates>', 'dates without rotations, such as 2026-12-19..2027-01-02; may be repeated', collect)
    .option('--tag <rule>', 'apply it to projects with these tags, such as "env=production team!=payments"')
    .option('--default', 'apply it to every login that no other policy applies to')
    .option('--close-sessions', 'close sessions on the old password after the change')
    .option('--run-when-back', 'start a run that missed its window as soon as a worker is back')
    .action(create);
  withJson(
    policy.command('assign').description('set the policy of a project').argument('<policy>', 'id or name').argument('[project]', 'id, slug or name'),
  ).action((asked: string, project: string | undefined, options: Json) => assign(asked, project, options));
  withJson(policy.command('unassign').description('leave a project to tag rules and the default').argument('[project]', 'id, slug or name')).action(
    (project: string | undefined, options: Json) => assign(null, project, options),
  );
  withJson(policy.command('pause').description('let it rotate nothing').argument('<policy>', 'id or name')).action((asked: string, options: Json) =>
    change(asked, { paused: true }, 'is paused: nothing rotates by it.', options),
  );
  withJson(policy.command('resume').description('let it rotate again, from the next window on').argument('<policy>', 'id or name')).action(
    (asked: string, options: Json) => change(asked, { paused: false }, 'is resumed.', options),
  );
  policy
    .command('delete')
    .description('delete a policy; it rotates nothing more')
    .argument('<policy>', 'id or name')
    .action(async (asked: string) => {
      const client = openClient();
      const { path, policy: found } = await pickPolicy(client, asked);
      await client.send('DELETE', path, undefined, z.undefined());
      tell(`${found.name} is deleted.`);
    });
}
