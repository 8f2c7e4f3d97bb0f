// How many logins a server rejects while Rekey tries again and again: at most the limit of what is retried. A rotation makes
// none by design where the server signs its handshakes, as here.
import { globSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished } from 'vitest';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { SCOPES } from '#lib/contract/scopes.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Actor } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { type FAILPOINTS, holdAt } from '#lib/kernel/failpoint.ts';
import { getProject } from '#lib/projects/get-project.ts';
import { updateProject } from '#lib/projects/update-project.ts';
import { advanceRotation } from '#lib/rotation/advance.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { readRotation, request, rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';

const LIMIT = 3;

let server: TestTarget;
beforeAll(async () => {
  server = await startTarget({ pooler: 'auth_query' });
});
afterAll(() => server.stop());
afterEach(() => db.$executeRawUnsafe(`DROP TRIGGER IF EXISTS refuses ON credentials; DROP TRIGGER IF EXISTS refuses ON rotations`).catch(() => undefined));

const direct = (role: string) => server.log().split(`password authentication failed for user "${role}"`).length - 1;
const pooled = (role: string) =>
  server
    .log()
    .split(`${role}@`)
    .filter((after) => /^[^\n]*closing because: (password|SASL) authentication failed/.test(after)).length;

/** The store refuses a write that tests name. */
async function refuse(table: string, when: string): Promise<void> {
  await db.$executeRawUnsafe(`CREATE OR REPLACE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$`);
  await db.$executeRawUnsafe(`CREATE TRIGGER refuses BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION refuses()`);
}
const allow = (table: string) => db.$executeRawUnsafe(`DROP TRIGGER refuses ON ${table}`);

/** Attempts as a worker makes them, with the waits between them over, but not those of failed logins. */
async function attemptMany(id: string, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    await db.rotation.updateMany({ where: { id }, data: { nextAttemptAt: new Date(0) } });
    await advanceRotation(id, 'wrk_test').catch(() => undefined);
  }
}

async function adoptNew(role: string): Promise<Adopted> {
  return adopt({ target: server.target, login: await server.createLogin(role) });
}

it('a normal rotation makes none, however often it is repeated', async () => {
  const adopted = await adoptNew('normal');
  for (let n = 0; n < 3; n++) expect((await rotate(adopted)).state).toBe('completed');
  expect([direct('normal'), pooled('normal')]).toEqual([0, 0]);
});

it('a real worker whose store refuses the staged password counts its attempts, and ends them', { timeout: 90_000 }, async () => {
  const adopted = await adoptNew('refused_stage');
  await refuse('credentials', `NEW.login_name = 'refused_stage' AND NEW.version > 1`);
  const id = await request(adopted);
  const worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  onTestFinished(() => worker.stop());
  await expect.poll(async () => (await readRotation(id)).state, { timeout: 60_000 }).toBe('failed');
  expect(await readRotation(id)).toMatchObject({ errorCode: 'unforeseen', attempts: 4, job: { attempts: 4, state: 'failed' }, database: { state: 'ready' } });
  expect([direct('refused_stage'), pooled('refused_stage')]).toEqual([0, 0]);
});

it('a completion that cannot be written asks for no more rejections, and completes once it can', async () => {
  const adopted = await adoptNew('refused_end');
  await refuse('rotations', `NEW.state = 'completed' AND NEW.database_id = '${adopted.databaseId}'`);
  const id = await request(adopted);
  await attemptMany(id, 12);
  expect(await readRotation(id)).toMatchObject({ state: 'needs_attention', errorCode: 'unforeseen', toCredential: { state: 'current' } });
  expect(direct('refused_end')).toBeLessThanOrEqual(LIMIT);
  await allow('rotations');
  // As if the minutes were over in which rejected logins count.
  await db.failedLogins.deleteMany();
  await attemptMany(id, 1);
  expect(await readRotation(id)).toMatchObject({ state: 'completed' });
});

it.each(['stage.checked', 'stage.committed', 'apply.announced', 'apply.changed', 'verify.direct-accepted'] satisfies (typeof FAILPOINTS)[number][])(
  'a worker that crashes at %s again and again stays under the limit',
  async (point) => {
    const role = `crash_${point.replace(/\W/g, '_')}`;
    const adopted = await adoptNew(role);
    const id = await request(adopted);
    for (let n = 0; n < 8; n++) {
      const held = holdAt(point);
      await db.rotation.updateMany({ where: { id }, data: { nextAttemptAt: new Date(0), claimedBy: null } });
      const dead = advanceRotation(id, `wrk_${n}`).catch(() => undefined);
      // It never goes on: to the store that is a crash.
      await Promise.race([held.reached, dead]);
      holdAt(point).letGo();
    }
    expect(direct(role)).toBeLessThanOrEqual(LIMIT);
  },
);

/** A rotation that stands between two passwords, of which the server takes neither. */
async function lose(role: string): Promise<{ adopted: Adopted; id: string }> {
  const adopted = await adoptNew(role);
  const id = await request(adopted);
  const held = holdAt('apply.announced');
  const first = advanceRotation(id, 'wrk_first');
  await held.reached;
  held.fail(new Error('crash'));
  await first.catch(() => undefined);
  await server.sql(`ALTER ROLE ${role} PASSWORD 'somebody-elses'`);
  return { adopted, id };
}

it('a rotation that needs attention waits once the limit is reached, and says until when', async () => {
  const { adopted, id } = await lose('needs_attention');
  await attemptMany(id, 20);
  expect(direct('needs_attention')).toBeLessThanOrEqual(1 + LIMIT);
  const { failed_logins: failed, last_error: lastError } = await getProject(adopted.context, adopted.projectId);
  expect(failed).toMatchObject({ count: LIMIT, limit: LIMIT, window_seconds: 900, next_login_at: expect.any(String) });
  expect(lastError).toContain(failed?.next_login_at);
  const row = await readRotation(id);
  expect(row).toMatchObject({ state: 'needs_attention', errorCode: 'login_limit' });
  expect(row.nextAttemptAt.toISOString()).toBe(failed?.next_login_at);
  // A person gives the present URL: that is one login more, at once.
  const url = server.urlOf({ user: 'needs_attention', password: new Secret('somebody-elses') });
  await db.rotation.update({ where: { id }, data: { errorCode: 'both_refused' } });
  const actor = { kind: 'api_key', id: 'key_test', name: 'test', scopes: [...SCOPES], projectId: null } satisfies Actor;
  const project = await updateProject({ ...adopted.context, actor }, adopted.projectId, { connection_url: url });
  await verifyConnection(project.latest_job_id ?? '', 'wrk_test');
  expect(await getProject(adopted.context, adopted.projectId)).toMatchObject({ state: 'ready', failed_logins: { count: LIMIT - 1, next_login_at: null } });
  expect((await storedLogin(adopted)).password.reveal()).toBe('somebody-elses');
  expect((await rotate(adopted)).state).toBe('completed');
});

it('checks of a rejected password stop at the limit, and a person may ask for one more', async () => {
  const adopted = await adoptNew('checked');
  await server.sql(`ALTER ROLE checked PASSWORD 'somebody-elses'`);
  const check = async (body = {}) => verifyConnection((await requestVerification(adopted.context, adopted.projectId, body)).jobId, 'wrk_test');
  for (let n = 1; n <= LIMIT; n++) {
    await check();
    expect(direct('checked')).toBe(n);
  }
  await expect(check()).rejects.toMatchObject({ code: 'login_limit_reached', message: expect.stringContaining('"allow_failed_login": true') });
  expect(direct('checked')).toBe(LIMIT);
  await check({ allow_failed_login: true });
  expect(direct('checked')).toBe(LIMIT + 1);
  // No rotation begins that could not be proven.
  await db.database.update({ where: { id: adopted.databaseId }, data: { state: 'ready' } });
  const id = await request(adopted);
  await attemptMany(id, 1);
  expect(await readRotation(id)).toMatchObject({ state: 'failed', errorCode: 'login_limit', toCredentialId: null });
  expect(direct('checked')).toBe(LIMIT + 1);
});

it('two workers that try at once share the limit', async () => {
  const adopted = await adoptNew('raced');
  await server.sql(`ALTER ROLE raced PASSWORD 'somebody-elses'`);
  const { probeCredential } = await import('./probe-credential.ts');
  const credential = await db.credential.findFirstOrThrow({ where: { databaseId: adopted.databaseId } });
  await Promise.all(Array.from({ length: 12 }, () => probeCredential(credential.id, adopted.projectId, 'direct')));
  expect(direct('raced')).toBe(LIMIT);
});

it('no login with a stored password goes past the count', () => {
  const sources = globSync('lib/**/*.ts').filter((path) => !path.includes('.test.') && readFileSync(path, 'utf8').includes('engines/registry.ts'));
  // What the others ask of an engine is no login, or one with a password that a person is about to save.
  expect(sources.sort()).toEqual([
    'lib/logins/counted-engine.ts',
    'lib/logins/inspect-login.ts',
    'lib/logins/trust-keys.ts',
    'lib/rotation/request/choose-plaintext.ts',
    'lib/rotation/request/take-over.ts',
  ]);
  const trust = readFileSync('lib/logins/trust-keys.ts', 'utf8');
  expect([...trust.matchAll(/engineFor\([^)]*\)\s*\.(\w+)/g)].map(([, method]) => method)).toEqual(['readKey']);
});
