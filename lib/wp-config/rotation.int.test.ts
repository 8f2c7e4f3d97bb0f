// A rotation of a site's development login and the wp-config.php that holds its password.
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { GET as getSite, PUT as putSite } from '#app/api/v1/vector/sites/[siteId]/route.ts';
import { POST as reconfig } from '#app/api/v1/vector/sites/[siteId]/wp/reconfig/route.ts';
import { requestVerification } from '#lib/checks/request-verification.ts';
import { verifyConnection } from '#lib/checks/verify-connection.ts';
import { WP_CONFIG_FAILURES } from '#lib/contract/wp-config-failures.ts';
import type { Login } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Adopted, adopt } from '#scripts/testing/adopt.ts';
import { call, keyHeaders } from '#scripts/testing/call-api.ts';
import { attempt, request, rotate, stepKinds, storedLogin } from '#scripts/testing/drive-rotation.ts';
import { WP_CONFIGS } from '#scripts/testing/wp-configs.ts';
import { readPassword, withPassword } from './find-password.ts';

let server: TestTarget;
let dir: string;
let path: string;
let login: Login;
let adopted: Adopted;
let siteId: string;
beforeAll(async () => {
  server = await startTarget();
});
afterAll(() => server.stop());

const isAccepted = async (one: Login) => (await postgres.probe(server.target, 'direct', one)).verdict === 'accepted';
const write = (password: string) => writeFileSync(path, withPassword(path, Buffer.from(WP_CONFIGS['of the sample']!), password));
const held = () => readPassword(path, readFileSync(path));
const stored = async () => (await storedLogin(adopted)).password.reveal();

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'rekey-wp-'));
  path = join(dir, 'wp-config.php');
  login = await server.createLogin(newId('usr').toLowerCase());
  adopted = await adopt({ target: server.target, login });
  const { organizationId } = adopted.context;
  siteId = newId('sit');
  await db.site.create({ data: { id: siteId, organizationId, projectId: adopted.projectId, partnerCustomerId: 'c', wpConfigPath: path } });
  write(login.password.reveal());
  return () => rmSync(dir, { recursive: true, force: true });
});

it('is written before the rotation is completed, and audited without the password', async () => {
  const rotation = await rotate(adopted);
  expect(rotation.state).toBe('completed');
  expect(stepKinds(rotation)).toEqual(['requested', 'preflight', 'staged', 'changed', 'direct_ok', 'promoted', 'config_written', 'old_refused', 'completed']);
  expect(held()).toBe(await stored());
  expect(held()).not.toBe(login.password.reveal());
  const audit = await db.auditEvent.findFirstOrThrow({ where: { action: 'site.config_written', projectId: adopted.projectId } });
  expect(audit.metadata).toEqual({ site_id: siteId, path, version: 2, role_name: login.user });
});

it.each([
  ['is gone', () => rmSync(path), 'wp_config_missing'],
  ['is read-only', () => chmodSync(path, 0o440), 'wp_config_read_only'],
  ['has the line twice', () => writeFileSync(path, readFileSync(path, 'utf8').replace(/^define.*PASSWORD.*$/m, '$&\n$&')), 'wp_config_two_defines'],
  ['holds the password of another login', () => write('someone-elses'), 'wp_config_other_password'],
])('that %s fails the rotation before the password changes', async (_, spoil, code) => {
  spoil();
  const rotation = await rotate(adopted);
  expect(rotation).toMatchObject({ state: 'failed', errorCode: code, toCredential: null, database: { state: 'ready' } });
  expect(await isAccepted(login)).toBe(true);
});

it('is checked with the connection, and when another one is named', async () => {
  const headers = await keyHeaders(adopted.context.organizationId);
  const read = async () => (await call(getSite, { headers, params: { siteId } })).body.data.wp_config_error;
  const check = async () => {
    const job = await db.job.findFirstOrThrow({ where: { databaseId: adopted.databaseId, type: 'verify_connection', state: 'queued' } });
    await verifyConnection(job.id, 'worker');
  };
  chmodSync(path, 0o440);
  await requestVerification(adopted.context, adopted.projectId);
  await check();
  expect(await read()).toBe(WP_CONFIG_FAILURES.wp_config_read_only);
  const env = join(dir, '.env');
  writeFileSync(env, `DB_PASSWORD=${login.password.reveal()}\n`);
  expect((await call(putSite, { method: 'PUT', headers, params: { siteId }, body: { wp_config_path: env } })).status).toBe(200);
  await check();
  expect(await read()).toBeNull();
  expect(await rotate(adopted)).toMatchObject({ state: 'completed' });
  expect(readFileSync(env, 'utf8')).toBe(`DB_PASSWORD=${await stored()}\n`);
});

it('and other files in its folder that hold the former password are named', async () => {
  writeFileSync(join(dir, 'wp-config.php.bak'), readFileSync(path));
  const rotation = await rotate(adopted);
  expect(rotation.steps.find(({ kind }) => kind === 'config_written')?.detail).toEqual({ count: 1, also_in: [join(dir, 'wp-config.php.bak')] });
});

it('that goes away at the last moment is written once it is back; the new password counts meanwhile', async () => {
  const id = await request(adopted);
  // The very statement that makes the new password count takes the file away.
  await db.$executeRaw`
    CREATE OR REPLACE FUNCTION hide_path() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF NEW.state = 'promoted' THEN UPDATE sites SET wp_config_path = wp_config_path || '.away'; END IF; RETURN NULL; END $$`;
  await db.$executeRaw`CREATE TRIGGER hide_path AFTER UPDATE ON rotations FOR EACH ROW EXECUTE FUNCTION hide_path()`;
  try {
    expect(await attempt(id)).toMatchObject({ state: 'needs_attention', errorCode: 'wp_config_missing', toCredential: { state: 'current' } });
  } finally {
    await db.$executeRaw`DROP TRIGGER hide_path ON rotations`;
    await db.$executeRaw`DROP FUNCTION hide_path`;
  }
  expect(held()).toBe(login.password.reveal());
  expect(await isAccepted(await storedLogin(adopted))).toBe(true);
  renameSync(path, `${path}.away`);
  path = `${path}.away`;
  expect(await attempt(id)).toMatchObject({ state: 'completed', errorCode: null });
  expect(held()).toBe(await stored());
});

it('is written again on request, whatever earlier version it holds', async () => {
  const headers = await keyHeaders(adopted.context.organizationId);
  const ask = () => call(reconfig, { method: 'POST', headers, params: { siteId } });
  // More than are looked through at once.
  for (let n = 0; n < 5; n++) await rotate(adopted);
  write(login.password.reveal());
  expect(await ask()).toMatchObject({ status: 200, body: { data: { id: siteId }, http_status: 200 } });
  expect(held()).toBe(await stored());
  // Nothing to do, nothing to tell.
  expect((await ask()).status).toBe(200);
  expect(await db.auditEvent.count({ where: { action: 'site.config_written', projectId: adopted.projectId } })).toBe(6);
  write('someone-elses');
  expect(await ask()).toMatchObject({ status: 409, body: { message: expect.stringContaining('does not belong to this login') } });
  expect(held()).toBe('someone-elses');
  await db.site.update({ where: { id: siteId }, data: { wpConfigPath: null } });
  expect(await ask()).toMatchObject({ status: 409, body: { message: expect.stringContaining('No wp-config.php or .env is named') } });
});
