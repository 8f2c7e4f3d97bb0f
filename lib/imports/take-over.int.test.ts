// Logins with unknown passwords, on a real server: listed by the rotator, adopted, and given a first password that is proven.
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { attempt, attemptAll, stepKinds, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';
import { until } from '#scripts/torture/until.ts';
import { listImportServers, listServerAccounts } from './server-accounts.ts';
import { takeOverAccounts } from './take-over-accounts.ts';

let server: TestTarget;
let adopted: Adopted;
let serverId: string;
const lost: Record<string, Login> = {};

beforeAll(async () => {
  server = await startTarget();
  const app = await server.createLogin('app');
  const rotator = await server.createRotator('rot', app);
  for (const name of ['lost', 'killed', 'again']) {
    lost[name] = await server.createLogin(name);
    await server.sql(`GRANT ${name} TO rot WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  }
  await server.createLogin('foreign');
  adopted = await adopt({ target: server.target, login: app, rotator });
  serverId = (await db.database.findUniqueOrThrow({ where: { id: adopted.databaseId } })).serverId;
}, 120_000);
afterAll(() => server.stop());

const take = (...accounts: string[]) => takeOverAccounts(adopted.context, serverId, { accounts, confirm: `take over ${accounts.length}` });
const probe = (login: Login) => postgres.probe(server.target, 'direct', login);
const rotationOf = async (jobId: string) => (await db.rotation.findUniqueOrThrow({ where: { jobId } })).id;

it('lists what uses each account now, and which can be taken over', async () => {
  expect((await listImportServers(adopted.context)).servers).toMatchObject([{ id: serverId, engine: 'postgresql', rotator_name: 'rot' }]);
  const client = new pg.Client({ connectionString: server.urlOf(lost.lost as Login), application_name: 'cron' });
  await client.connect();
  const { accounts } = await listServerAccounts(adopted.context, serverId);
  await client.end();
  const of = (name: string) => accounts.find((account) => account.name === name);
  expect(of('app')).toMatchObject({ verdict: 'already_here', project: { id: adopted.projectId }, reason: null });
  expect(of('lost')).toMatchObject({ verdict: 'take_over', reason: null, sessions: [{ count: 1 }], database: server.target.direct.database });
  expect(of('killed')).toMatchObject({ verdict: 'take_over', sessions: [] });
  expect(of('foreign')).toMatchObject({ verdict: 'will_not_work', reason: expect.stringContaining('WITH ADMIN OPTION') });
  expect(of('rot')).toMatchObject({ verdict: 'will_not_work', reason: 'This is the rotator itself.' });
  expect(of(server.superuser.user)).toMatchObject({ verdict: 'will_not_work', reason: expect.stringContaining('superuser') });
});

it('changes nothing where one of the accounts will not work, or the count was not confirmed', async () => {
  const refused = (text: string) => ({ code: 'validation_failed', message: expect.stringContaining(text) });
  await expect(take('lost', 'foreign')).rejects.toMatchObject(refused('foreign: The rotator may not change it.'));
  await expect(take('lost', 'nobody')).rejects.toMatchObject(refused('nobody: There is no such login'));
  await expect(take('app')).rejects.toMatchObject(refused('app: The project app has it.'));
  await expect(takeOverAccounts(adopted.context, serverId, { accounts: ['lost'], confirm: 'take over 2' })).rejects.toMatchObject(
    refused('Send "take over 1"'),
  );
  expect(await db.database.count({ where: { serverId } })).toBe(1);
  expect(await probe(lost.lost as Login)).toMatchObject({ verdict: 'accepted' });
});

it('makes the first rotation: the new password is proven, the old one is rejected, open sessions go on', async () => {
  const client = new pg.Client({ connectionString: server.urlOf(lost.lost as Login) });
  await client.connect();
  const [taken] = (await take('lost')).taken;
  expect(await probe(lost.lost as Login)).toMatchObject({ verdict: 'accepted' });
  const rotation = await attemptAll(await rotationOf(taken?.job_id ?? ''));
  expect({ state: rotation.state, kinds: stepKinds(rotation) }).toMatchObject({
    state: 'completed',
    kinds: expect.arrayContaining(['changed', 'direct_ok', 'promoted', 'old_refused', 'completed']),
  });
  expect(rotation.sessionsLeft).toBe(1);
  const login = await storedLogin({ ...adopted, databaseId: rotation.databaseId });
  expect([await probe(login), await probe(lost.lost as Login)]).toMatchObject([{ verdict: 'accepted' }, { verdict: 'refused' }]);
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await client.end();
  expect(rotation.database).toMatchObject({ state: 'ready', roleName: 'lost' });
  await expect(take('lost')).rejects.toMatchObject({ message: expect.stringContaining('The project lost has it.') });
});

it('goes on with the same password where a worker is killed around the change', { timeout: 120_000 }, async () => {
  const [taken] = (await take('killed')).taken;
  const id = await rotationOf(taken?.job_id ?? '');
  for (const point of ['apply.announced', 'apply.changed']) {
    const worker = runWorker({ REKEY_FAILPOINTS: point, REKEY_BACKOFF_MS: '50' });
    expect(await worker.exited, worker.output()).toBeNull();
  }
  const worker = runWorker({ REKEY_BACKOFF_MS: '50' });
  await until('the take-over to complete', async () => (await db.rotation.findUniqueOrThrow({ where: { id } })).state === 'completed', { timeoutMs: 90_000 });
  await worker.stop();
  const { databaseId } = await db.rotation.findUniqueOrThrow({ where: { id } });
  expect(await db.credential.count({ where: { databaseId } })).toBe(2);
  expect(await probe(await storedLogin({ ...adopted, databaseId }))).toMatchObject({ verdict: 'accepted' });
  expect(await probe(lost.killed as Login)).toMatchObject({ verdict: 'refused' });
});

it('is known to need attention, with the old password in place, where the right was taken away meanwhile', async () => {
  const [taken] = (await take('again')).taken;
  await server.sql('REVOKE again FROM rot');
  const id = await rotationOf(taken?.job_id ?? '');
  expect(await attemptAll(id)).toMatchObject({ state: 'needs_attention' });
  expect(await probe(lost.again as Login)).toMatchObject({ verdict: 'accepted' });
  await server.sql('GRANT again TO rot WITH ADMIN TRUE, INHERIT FALSE, SET FALSE');
  for (let tries = 0; tries < 5 && (await attempt(id)).state === 'needs_attention'; tries++);
  const ended = await attemptAll(id);
  // Undone: the stand-in is the password, so the login is known either way.
  expect(ended.state).toBe('failed');
  expect(await probe(await storedLogin({ ...adopted, databaseId: ended.databaseId }))).toMatchObject({ verdict: 'accepted' });
});

itRecords(
  ['project.adopted (take-over-accounts)', { metadata: { path: ['taken_over'], equals: true } }],
  ['project.rotation_requested (take-over-accounts)', { metadata: { path: ['taken_over'], equals: true } }],
);
