// The list of projects by pages, filters and orders, and the counts of the overview, which must agree with the rows.
import { beforeAll, expect, it } from 'vitest';
import { GET as summary } from '#app/api/v1/organizations/[organizationId]/projects/summary/route.ts';
import { projectStanding } from '#components/data/standing.ts';
import { type ProjectWire, projectList } from '#lib/contract/project.ts';
import { projectSummaryAnswer } from '#lib/contract/project-summary.ts';
import { db } from '#lib/kernel/db.ts';
import { call, keyHeaders } from '#scripts/testing/call-api.ts';
import { fillStore, ORGANIZATION_ID } from '#scripts/testing/fill-store.ts';
import { GET as list } from './route.ts';

const LOGINS = 60;
let headers: Record<string, string>;

const ask = async (query = '') => projectList.parse((await call(list, { path: `/api/v1/projects${query}`, headers })).body);
const idsOf = async (query: string) => (await ask(query)).projects.map(({ id }) => id);
const summaryOf = async (query = '') =>
  projectSummaryAnswer.parse(
    (await call(summary, { path: `/api/v1/organizations/${ORGANIZATION_ID}/projects/summary${query}`, params: { organizationId: ORGANIZATION_ID }, headers }))
      .body,
  ).summary;

/** Puts logins and those who hold their URLs into each state that a row of the overview tells apart. */
async function makeStates(): Promise<void> {
  const note = JSON.stringify({
    self_may_change: false,
    rotator_may_change: null,
    may_see_sessions: true,
    may_end_sessions: false,
    notes: [{ tone: 'danger', text: 'The role may not.' }],
  });
  for (const statement of [
    // Nobody waits, unless made so below.
    `UPDATE integrations SET provider = 'github', config = '{"variables": [], "workflow": null, "ref": null}'`,
    `UPDATE databases SET state = 'needs_attention' WHERE id IN ('db_1', 'db_2')`,
    `UPDATE credentials SET direct_proven_at = NULL WHERE id IN ('crd_2', 'crd_8')`,
    `UPDATE databases SET state = 'rotating_credentials' WHERE id = 'db_3'`,
    `UPDATE databases SET state = 'verifying' WHERE id = 'db_4'`,
    `UPDATE databases SET last_error = 'The server did not answer.' WHERE id = 'db_5'`,
    `UPDATE databases SET rights = '${note}' WHERE id = 'db_6'`,
    `UPDATE sites SET wp_config_error = 'not_writable' WHERE project_id = 'prj_7'`,
    `UPDATE credentials SET state = 'retiring', retire_at = now() + interval '1 hour' WHERE id = (SELECT min(id) FROM credentials WHERE database_id = 'db_9' AND state = 'retired')`,
    `UPDATE credentials SET state = 'retiring' WHERE id = (SELECT min(id) FROM credentials WHERE database_id = 'db_10' AND state = 'retired')`,
    `UPDATE consumer_tasks SET done_at = NULL WHERE id = (SELECT id FROM consumer_tasks WHERE consumer_id = 'con_11' ORDER BY created_at DESC, id DESC LIMIT 1)`,
    `UPDATE consumer_tasks SET done_at = NULL WHERE id = (SELECT id FROM consumer_tasks WHERE consumer_id = 'con_12' ORDER BY created_at, id LIMIT 1)`,
    `UPDATE integration_targets SET state = 'failed' WHERE integration_id = 'int_13'`,
    `UPDATE integration_targets SET state = 'drifted' WHERE integration_id = 'int_14'`,
    `UPDATE integration_targets SET state = 'drifted', kept_at = now() WHERE integration_id = 'int_15'`,
    `UPDATE integration_targets SET version = 1 WHERE integration_id = 'int_16'`,
    `UPDATE integration_targets SET version = NULL, state = 'pending' WHERE integration_id IN ('int_17', 'int_20')`,
    `UPDATE syncs SET finished_at = NULL WHERE id = (SELECT min(id) FROM syncs WHERE integration_id = 'int_20')`,
    `UPDATE integrations SET check_failure_code = 'token_rejected' WHERE id = 'int_18'`,
    `UPDATE integrations SET provider = 'vercel' WHERE id IN ('int_21', 'int_22', 'int_23')`,
    `UPDATE redeployments SET version = 1000000 WHERE integration_id IN ('int_22', 'int_23')`,
    `UPDATE redeployments SET state = 'failed' WHERE integration_id = 'int_23'`,
    `UPDATE integrations SET config = '{"variables": [], "workflow": "deploy.yml", "ref": null}' WHERE id = 'int_24'`,
    `UPDATE databases SET rotated_at = NULL, created_at = now() - interval '400 days' WHERE id = 'db_25'`,
    `UPDATE databases SET rotated_at = now() - interval '2 days' WHERE id = 'db_26'`,
    `UPDATE projects SET environment = 'non_production' WHERE id IN ('prj_5', 'prj_26', 'prj_27')`,
    `UPDATE projects SET name = 'Shop_api 100%' WHERE id = 'prj_28'`,
    `UPDATE projects SET database_id = 'db_30' WHERE id = 'prj_29'`,
  ])
    await db.$executeRawUnsafe(statement);
}

beforeAll(async () => {
  // Of each login several rotations, tasks, syncs and redeployments.
  await fillStore({ logins: LOGINS, rotations: LOGINS * 100, endpoints: 2, auditRecords: 10 });
  await makeStates();
  headers = await keyHeaders(ORGANIZATION_ID);
}, 300_000);

const everything = async (query = ''): Promise<ProjectWire[]> => {
  const found: ProjectWire[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(`?limit=7${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
    expect(page.projects.length).toBeLessThanOrEqual(7);
    found.push(...page.projects);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return found;
};

it('answers all without a limit, as before, by name', async () => {
  const { projects, next_cursor: next } = await ask();
  expect(projects).toHaveLength(LOGINS);
  expect(next).toBe(undefined);
  const rows = await db.project.findMany({ orderBy: [{ name: 'asc' }, { id: 'asc' }], select: { id: true } });
  expect(projects.map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
});

it.each(['name', '-name', 'age', '-age', 'created_at', '-created_at', 'urgency', 'relevance'])('pages through all of them once, by %s', async (sort) => {
  const paged = (await everything(`&sort=${sort}`)).map(({ id }) => id);
  expect(paged).toHaveLength(LOGINS);
  expect(paged).toEqual(await idsOf(`?sort=${sort}`));
  expect(new Set(paged).size).toBe(LOGINS);
});

it.each<[string, string[]]>([
  ['?q=shop_API', ['prj_28']],
  ['?q=100%25', ['prj_28']],
  ['?q=api%20role_28', ['prj_28']],
  ['?q=HOST-1.&state=ready&ids=prj_21,prj_1,prj_22', ['prj_21', 'prj_22']],
  ['?environment=non_production', ['prj_26', 'prj_27', 'prj_5']],
  ['?state=needs_attention', ['prj_1', 'prj_2']],
  ['?engine=mysql', []],
  ['?older_than_days=400', ['prj_25']],
  ['?older_than_days=0&ids=prj_25,prj_26&sort=-age', ['prj_25', 'prj_26']],
  ['?login_of=prj_29', ['prj_29', 'prj_30']],
  ['?login_of=prj_of_another', []],
  ['?of_site=false&limit=1&sort=-name&ids=prj_1,prj_45', ['prj_45']],
  ['?sort=relevance&q=project%2028', []],
])('filters by %s', async (query, ids) => {
  expect(await idsOf(query)).toEqual(ids);
});

it('refuses a filter that it does not know, and a cursor of another order', async () => {
  const refused = await call(list, { path: '/api/v1/projects?tags=shop', headers });
  expect(refused.status).toBe(422);
  const { next_cursor: cursor } = await ask('?limit=1');
  const other = await call(list, { path: `/api/v1/projects?limit=1&sort=-name&cursor=${cursor}`, headers });
  expect(other.status).toBe(422);
  expect(other.body.detail).toContain('cursor');
});

it.each(['no worker', 'a worker'])('judges each project as its row in the overview does, with %s', async (workers) => {
  const noWorker = workers === 'no worker';
  if (!noWorker) await db.worker.create({ data: { id: 'wrk_list', lockKey: 1, host: 'here' } });
  const rows = (await ask()).projects.map((project) => ({ project, standing: projectStanding(project, noWorker) }));
  const counts = await summaryOf();
  expect(counts.total).toBe(LOGINS);
  const kinds = Object.groupBy(rows, ({ standing }) => standing.kind);
  for (const [kind, count] of Object.entries(counts.standings)) expect([kind, count]).toEqual([kind, kinds[kind as keyof typeof kinds]?.length ?? 0]);
  // Each kind is there, or this would hold of nothing.
  expect(Object.entries(counts.standings).filter(([kind, count]) => count === 0 && kind !== 'waiting' && kind !== 'running')).toEqual([]);
  const needing = rows.filter(({ standing }) => standing.group === 'needs').map(({ project }) => project.id);
  expect((await idsOf('?needs_attention=true')).toSorted()).toEqual(needing.toSorted());
  expect(counts.needs_attention).toBe(needing.length);
  expect((await idsOf('?needs_attention=false')).length).toBe(LOGINS - needing.length);
  expect(counts.unknown).toBe(rows.filter(({ standing }) => standing.title === 'Unknown').length);
  const urgent = (await ask('?needs_attention=true&sort=urgency')).projects.map((project) => projectStanding(project, noWorker).kind);
  const order = ['unknown', 'failed', 'waiting', 'two-work', 'ok', 'unprovable'];
  expect(urgent).toEqual(urgent.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect((await idsOf('?sort=urgency')).slice(0, needing.length)).toEqual(await idsOf('?needs_attention=true&sort=urgency'));
});

it('counts what a search finds, by environment, and the ages of logins', async () => {
  expect(await summaryOf('?q=role_28')).toMatchObject({ total: 1, environments: { production: 1, non_production: 0 } });
  expect(await summaryOf('?environment=non_production')).toMatchObject({ total: 3, environments: { production: 0, non_production: 3 } });
  const { ages } = await summaryOf();
  // Two projects share one login.
  expect(ages.reduce((sum, { logins }) => sum + logins, 0)).toBe(LOGINS - 1);
  expect(ages[0]).toMatchObject({ days: 0, is_at_least: true, logins: 1 });
  expect(ages[1]).toMatchObject({ days: 2, is_at_least: false, logins: 1, names: ['project 26'] });
});

it('shows a change at once, though the standings are kept while nothing changes', async () => {
  const before = await summaryOf();
  await db.$executeRaw`UPDATE databases SET state = 'needs_attention' WHERE id = 'db_40'`;
  await expect.poll(async () => (await summaryOf()).unknown, { timeout: 5_000 }).toBe(before.unknown + 1);
});

it('leaves a deleted project out of the counts at once', async () => {
  // One that nothing else refers to: what goes with a project, such as a consumer, is announced for itself.
  const bare = { id: 'prj_bare', organizationId: ORGANIZATION_ID, databaseId: 'db_50', databaseName: 'app', name: 'bare', slug: 'bare' };
  await db.project.create({ data: bare });
  const { total } = await summaryOf();
  await db.project.delete({ where: { id: bare.id } });
  expect((await summaryOf()).total).toBe(total - 1);
});

it('shows a renamed project in the very next search', async () => {
  for (let n = 0; n < 20; n++) {
    await db.project.update({ where: { id: 'prj_41' }, data: { name: `renamed ${n}x` } });
    expect(await idsOf(`?q=${n}x`)).toEqual(['prj_41']);
  }
});

it('waits for a change that the store has not delivered yet', async () => {
  await summaryOf();
  const [{ pid }] = await db.$queryRaw<[{ pid: number }]>`
    SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND (query = 'SELECT' OR query LIKE 'NOTIFY rekey_beat_%')`;
  let isAnswered = false;
  process.kill(pid, 'SIGSTOP');
  try {
    await db.project.update({ where: { id: 'prj_42' }, data: { name: 'not delivered yet' } });
    const found = idsOf('?q=not%20delivered').finally(() => (isAnswered = true));
    // As long as others are answered meanwhile.
    for (let n = 0; n < 5; n++) expect((await ask('?limit=1')).projects).toHaveLength(1);
    expect(isAnswered).toBe(false);
    process.kill(pid, 'SIGCONT');
    expect(await found).toEqual(['prj_42']);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});

const FILTERS = [
  '',
  '&q=project',
  '&q=HOST-1.%20role_2',
  '&needs_attention=true',
  '&needs_attention=false&q=project',
  '&of_site=false',
  '&environment=production',
];

// A filter by age is answered by the store alone, and every project is older than 0 days.
it.each(['name', '-name', 'urgency'].flatMap((sort) => FILTERS.map((filter) => `&sort=${sort}${filter}`)))(
  'answers %s alike from what it keeps and from the store',
  async (query) => {
    const kept = (await everything(query)).map(({ id }) => id);
    const stored = (await everything(`${query}&older_than_days=0`)).map(({ id }) => id);
    expect(kept).toEqual(stored);
    expect(kept.length).toBeGreaterThan(0);
  },
);

it.each<[string, (id: string) => Promise<unknown>]>([
  ['renamed', (id) => db.project.update({ where: { id }, data: { name: 'zz' } })],
  ['deleted', (id) => db.project.delete({ where: { id } })],
])('goes on where the page before ended, though its last project was %s', async (_, change) => {
  const query = '?limit=4&q=project&of_site=false';
  const { projects } = await ask('?q=project&of_site=false');
  const first = await ask(query);
  await change(first.projects.at(-1)?.id ?? '');
  const second = await ask(`${query}&cursor=${first.next_cursor}`);
  expect(second.projects.map(({ id }) => id)).toEqual(projects.slice(4, 8).map(({ id }) => id));
});
