// Imports a file of connection URLs on real servers: the dry run reports on each row, and each row is imported once or reports why not.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { createPolicyBody } from '#lib/contract/policy.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { Login } from '#lib/engines/engine.ts';
import { type Context, systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { newId } from '#lib/kernel/ids.ts';
import { endAccess } from '#lib/members/members.ts';
import { createPolicy } from '#lib/policies/create-policy.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { readTables as readTablesAt } from '#scripts/testing/canary.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { cancelImport } from './cancel-import.ts';
import { checkImport } from './check-import.ts';
import { findDueImports } from './find-due-imports.ts';
import { getImport } from './get-import.ts';
import { listImportRows } from './list-import-rows.ts';
import { runImport } from './run-import.ts';
import { startImport } from './start-import.ts';

let server: TestTarget;
let context: Context;
let names = 0;
beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_query' });
});
afterAll(() => server.stop());
beforeEach(async () => {
  context = systemContext(await makeOrganization());
});

const makeLogin = (): Promise<Login> => server.createLogin(`import_${++names}`);
const passwordOf = ({ password }: { password: Secret }): string => encodeURIComponent(password.reveal());
const wrong = (url: string, login: Login): string => url.replace(`:${passwordOf(login)}@`, ':another@');
const csv = (rows: string[][], header = 'name,url,pooled_url,tags,policy') => ({
  format: 'csv' as const,
  content: [header, ...rows.map((row) => row.join(','))].join('\r\n'),
});
const readTables = () => readTablesAt(env.DATABASE_URL);
const check = (rows: string[][]) => checkImport(context, { ...csv(rows), check_logins: true });
const rowsOf = async (id: string) => (await listImportRows(context, id, { limit: 1_000 })).rows;
const runToEnd = async (id: string) => {
  while ((await getImport(context, id)).state === 'running') {
    await runImport(id, 'wrk_test');
    await db.importRow.updateMany({ where: { importId: id, state: 'pending' }, data: { nextAttemptAt: new Date(0) } });
  }
  return getImport(context, id);
};

it('the dry run logs in with each new row, and says by line what will not work', async () => {
  const [one, other, rejected] = [await makeLogin(), await makeLogin(), await makeLogin()];
  const dead = `postgresql://app:p@127.0.0.1:${await freePort()}/d`;
  const before = await readTables();
  const { counts, rows } = await check([
    ['one', server.urlOf(one), server.urlOf(one, 'pooled'), 'team=shop', ''],
    ['other', server.urlOf(other), '', '', ''],
    ['again', server.urlOf(one), '', '', ''],
    ['rejected', wrong(server.urlOf(rejected), rejected), '', '', ''],
    ['pooler', server.urlOf(rejected, 'pooled'), '', '', ''],
    ['dead', dead, '', '', ''],
    ['policy', server.urlOf(rejected), '', '', 'Monthly'],
  ]);
  expect(rows.map(({ line, verdict, login, reasons }) => [line, verdict, login ?? reasons.map(({ field, text }) => `${field}: ${text}`).join(' ')])).toEqual([
    [2, 'new', 'Direct and pooled login accepted.'],
    [3, 'new', 'Login accepted. No pooled URL.'],
    [4, 'will_not_work', 'row: Same server and login as line 2. Rekey keeps a login once: remove one of the two.'],
    [5, 'will_not_work', 'url: The server rejected this user and password. Correct them in the URL.'],
    [6, 'will_not_work', expect.stringContaining('This is the address of a pooler.')],
    [7, 'will_not_work', 'url: The server does not answer.'],
    [8, 'will_not_work', expect.stringContaining('policy: The organization has no policy of that name.')],
  ]);
  expect(counts).toEqual({ new: 2, already_here: 0, will_not_work: 5 });
  expect(JSON.stringify(rows)).not.toContain(passwordOf(one));
  // Nothing but the count of rejected logins.
  const withoutLimits = (tables: typeof before) => tables.filter(({ name }) => !/rate_limits/.test(name));
  expect(withoutLimits(await readTables())).toEqual(withoutLimits(before));
});

it('rejected logins of one account stop at three, whoever asks', async () => {
  const login = await makeLogin();
  const rows = [['a', wrong(server.urlOf(login), login), '', '', '']];
  for (let n = 0; n < 3; n++) expect((await check(rows)).rows[0]?.reasons[0]?.text).toContain('rejected this user and password');
  const from = server.log().length;
  expect((await check(rows)).rows[0]?.reasons[0]?.text).toContain('Three logins of this account were rejected. Nothing was sent');
  expect(server.log().slice(from)).not.toContain(login.user);
});

it('each row lands with its tags and policy, or says why; another name of the same server is not a new login', async () => {
  const [one, two, rejected] = [await makeLogin(), await makeLogin(), await makeLogin()];
  const policy = await createPolicy(context, createPolicyBody.parse({ name: 'Monthly', max_age_days: 30 }));
  const url = server.urlOf(one);
  const started = await startImport(context, {
    ...csv([
      ['one', url, '', '', ''],
      ['one by another name', url.replace('127.0.0.1', 'localhost'), '', '', ''],
      ['two', server.urlOf(two), server.urlOf(two, 'pooled'), 'team=shop;region=eu', 'Monthly'],
      ['rejected', wrong(server.urlOf(rejected), rejected), '', '', ''],
      ['=cmd', server.urlOf(rejected), '', '', ''],
      ['unreadable', 'postgresql://x:hidden@', '', '', ''],
    ]),
    name: 'fleet.csv',
  });
  expect(started).toMatchObject({ name: 'fleet.csv', state: 'running', total: 6, counts: { pending: 4, failed: 2 } });
  expect(await findDueImports('wrk_test', [])).toContain(started.id);
  const stored = JSON.stringify(await readTables());
  for (const login of [one, two, rejected]) expect(stored).not.toContain(passwordOf(login));
  expect(stored).not.toContain('hidden');

  expect(await runToEnd(started.id)).toMatchObject({ state: 'completed', counts: { pending: 0, imported: 2, already_here: 1, failed: 3 } });
  const rows = await rowsOf(started.id);
  const outcomes = rows.map(({ state, reasons }) => [state, reasons[0]?.field]);
  // Of two names of one login, whichever is tried first is imported.
  expect(outcomes.slice(0, 2).sort()).toEqual([
    ['already_here', 'row'],
    ['imported', undefined],
  ]);
  expect(outcomes.slice(2)).toEqual([
    ['imported', undefined],
    ['failed', 'url'],
    ['failed', 'name'],
    ['failed', 'url'],
  ]);
  expect(await db.importRow.count({ where: { importId: started.id, NOT: { sealed: '' } } })).toBe(0);
  const project = await db.project.findUniqueOrThrow({ where: { id: rows[2]?.project?.id ?? '' }, include: { database: true, tags: true } });
  expect(project).toMatchObject({ name: 'two', database: { chosenPolicyId: policy.id } });
  expect(project.tags.map(({ key, value }) => `${key}=${value}`).sort()).toEqual(['region=eu', 'team=shop']);
  await verifyConnection(project.database.latestJobId ?? '', 'wrk_test');
  expect(await db.database.findUniqueOrThrow({ where: { id: project.databaseId } })).toMatchObject({ state: 'ready' });

  // The same file again adds nothing.
  const again = await startImport(context, csv([['two', server.urlOf(two), '', '', '']]));
  expect(again).toMatchObject({ total: 1, counts: { already_here: 1, pending: 0 } });
  expect(await runToEnd(again.id)).toMatchObject({ state: 'completed' });
  expect(await db.project.count({ where: { organizationId: context.organizationId } })).toBe(2);
  expect(await findDueImports('wrk_test', [])).not.toContain(started.id);
});

it('two imports of the same file at once add each login once', async () => {
  const rows = await Promise.all(Array.from({ length: 8 }, async (_, n) => [`p${n}`, server.urlOf(await makeLogin()), '', '', '']));
  const imports = await Promise.all([startImport(context, csv(rows)), startImport(context, csv(rows))]);
  await Promise.all(imports.map(({ id }) => runToEnd(id)));
  const ended = await Promise.all(imports.map(({ id }) => getImport(context, id)));
  expect(ended.reduce((sum, { counts }) => sum + counts.imported, 0)).toBe(8);
  expect(ended.reduce((sum, { counts }) => sum + counts.already_here, 0)).toBe(8);
  expect(await db.project.count({ where: { organizationId: context.organizationId } })).toBe(8);
});

it('all rows of a server that does not answer fail together, after three rounds', async () => {
  const port = await freePort();
  const { id } = await startImport(context, csv(Array.from({ length: 200 }, (_, n) => [`p${n}`, `postgresql://app${n}:p@127.0.0.1:${port}/d`, '', '', ''])));
  await runImport(id, 'wrk_test');
  expect(await db.importRow.groupBy({ by: ['state', 'failures'], where: { importId: id }, _count: true })).toEqual([
    { state: 'pending', failures: 1, _count: 200 },
  ]);
  expect(await findDueImports('wrk_test', [])).not.toContain(id);
  expect(await runToEnd(id)).toMatchObject({ state: 'completed', counts: { failed: 200 } });
  expect((await rowsOf(id))[199]?.reasons[0]?.text).toContain('The server does not answer. Tried 3 times, with line');
});

it('a canceled import keeps no password, and adds nothing more', async () => {
  const { id } = await startImport(context, csv([['a', server.urlOf(await makeLogin()), '', '', '']]));
  expect(await cancelImport(context, id)).toMatchObject({ state: 'canceled', counts: { pending: 0, canceled: 1 } });
  await runImport(id, 'wrk_test');
  expect(await db.importRow.count({ where: { importId: id, sealed: '' } })).toBe(1);
  expect(await db.project.count({ where: { organizationId: context.organizationId } })).toBe(0);
  await expect(cancelImport(context, id)).rejects.toMatchObject({ code: 'conflict' });
});

it('what is left of an import is canceled when the access of the member who started it ends', async () => {
  const { organizationId } = context;
  const { id: userId } = await db.user.create({ data: { id: newId('usr'), email: `${organizationId}@example.com`, passwordHash: '' } });
  const member: Context = { ...context, actor: { kind: 'api_key', id: userId, name: 'gone', scopes: [], projectId: null } };
  const { id } = await startImport(member, csv([['a', server.urlOf(await makeLogin()), '', '', '']]));
  await db.$transaction((tx) => endAccess(tx, context, userId));
  expect(await getImport(context, id)).toMatchObject({ state: 'canceled', counts: { pending: 0, canceled: 1 } });
});

itRecords('import.started', 'import.completed', 'import.canceled');
