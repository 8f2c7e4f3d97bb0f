// Resets as clients ask for them, with a worker that does them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { resetDevPassword } from '#lib/sites/reset-password.ts';
import { readPassword, withPassword } from '#lib/wp-config/find-password.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Answer, call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';
import { WP_CONFIGS } from '#scripts/testing/wp-configs.ts';
import { POST as reset } from './sites/[siteId]/database/reset-password/route.ts';
import { POST as verify } from './sites/[siteId]/database/verify/route.ts';
import { POST as shortReset } from './sites/[siteId]/db/reset-password/route.ts';
import { GET as getSite, PUT as putSite } from './sites/[siteId]/route.ts';
import { POST as createSite } from './sites/route.ts';

let server: TestTarget;
let worker: RunningWorker;
beforeAll(async () => {
  server = await startTarget();
  worker = runWorker({ REKEY_LOG_LEVEL: 'info' });
  await worker.ready;
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
});

let organizationId: string;
let headers: Record<string, string>;
let login: Login;
let siteId: string;
const send = (handler: typeof reset, method: string, params: Record<string, string> = {}, body: unknown = {}): Promise<Answer> =>
  call(handler, { method, headers, params, ...(method !== 'GET' && { body }) });
const status = async () => (await send(getSite, 'GET', { siteId })).body.data.status;

beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  login = await server.createLogin(newId('usr').toLowerCase());
  const made = await send(createSite, 'POST', {}, { partner_customer_id: 'cust_1', database: { connection_url: server.urlOf(login) } });
  siteId = made.body.data.id;
  await vi.waitFor(async () => expect(await status()).toBe('active'), { timeout: 60_000, interval: 50 });
});

const connect = async (password: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: server.urlOf({ ...login, password: { reveal: () => password } as Login['password'] }) });
  client.on('error', () => {});
  await client.connect();
  return client;
};

it('answers the new password, which alone works; connections are closed, wp-config.php and the audit log know', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-wp-'));
  const path = join(dir, 'wp-config.php');
  try {
    writeFileSync(path, withPassword(path, Buffer.from(WP_CONFIGS['of the sample']!), login.password.reveal()));
    await send(putSite, 'PUT', { siteId }, { wp_config_path: path });
    const open = await connect(login.password.reveal());
    const ended = new Promise((resolve) => open.once('end', resolve));

    const answer = await send(reset, 'POST', { siteId }, { reason: 'compromise' });
    expect(answer).toMatchObject({ status: 200, body: { message: 'Database password reset successfully', http_status: 200 } });
    const { data } = answer.body;
    expect(data).toMatchObject({ id: siteId, dev_db_username: login.user, dev_db_password: data.db_password, status: 'active', current: { version: 2 } });
    expect(answer.headers.get('cache-control')).toBe('no-store');

    await ended;
    const proof = await send(verify, 'POST', { siteId });
    expect(proof).toMatchObject({ status: 200, body: { data: { works: true, logins: [{ version: 2, endpoint: 'direct', verdict: 'accepted' }] } } });
    await (await connect(data.db_password)).end();
    await expect(connect(login.password.reveal())).rejects.toMatchObject({ code: '28P01' });
    expect(readPassword(path, readFileSync(path))).toBe(data.db_password);

    const actions = (await db.auditEvent.findMany({ where: { organizationId } })).map(({ action }) => action);
    for (const action of [
      'project.rotation_requested',
      'project.sessions_ended',
      'site.config_written',
      'dev_site.database_password_reset',
      'project.connection_viewed',
    ])
      expect(actions).toContain(action);
    expect(await db.event.findMany({ where: { organizationId, type: 'vector.dev-site.database-password-reset' } })).toMatchObject([
      { type: 'vector.dev-site.database-password-reset', data: { site_id: siteId, partner_customer_id: 'cust_1', job_id: data.job_id, reason: 'compromise' } },
    ]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

it('tells what stood in the way, and the old password still works', async () => {
  await send(putSite, 'PUT', { siteId }, { wp_config_path: '/nowhere/wp-config.php' });
  const answer = await send(shortReset, 'POST', { siteId });
  expect(answer).toMatchObject({
    status: 409,
    body: { data: {}, code: 'reset_failed', message: expect.stringMatching(/does not exist.*the old one still works\.$/) },
  });
  await (await connect(login.password.reveal())).end();
  expect(await db.event.count({ where: { organizationId, type: 'vector.dev-site.database-password-reset' } })).toBe(0);
});

it('answers 202 and the job where the time is up, and refuses a second one meanwhile', async () => {
  const context = { organizationId, actor: { kind: 'system', id: null, name: 'test' }, origin: {} } as const;
  const { job_id, db_password } = await resetDevPassword(context, siteId, {}, 0);
  expect(db_password).toBeUndefined();
  const second = await send(reset, 'POST', { siteId });
  // Unless the worker was quicker.
  if (second.status !== 200) expect(second).toMatchObject({ status: 409, body: { code: 'rotation_in_progress', job_id } });
  await vi.waitFor(async () => expect(await db.job.findUnique({ where: { id: job_id } })).toMatchObject({ state: 'completed' }), {
    timeout: 60_000,
    interval: 50,
  });
});

itRecords(
  'dev_site.database_password_reset',
  'project.sessions_ended (settle)',
  'site.config_written',
  'project.rotation_requested (request-rotation)',
  'project.credentials_rotated',
);
