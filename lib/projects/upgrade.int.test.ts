// A store of the version before address, TLS and pooler belonged to logins: scripts/testing/store-0021.sql, made by its own
// API on real servers, sealed with the tests' key.
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import { mysql } from '#lib/engines/mysql.ts';
import { NO_TLS } from '#lib/engines/server-key.ts';
import { env } from '#lib/kernel/env.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';

const MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url);
const STORE = new URL('../../scripts/testing/store-0021.sql', import.meta.url);
const LAST = '0021';

let server: TestTarget;
let maria: MariadbTarget;
let stores: Awaited<ReturnType<typeof openStore>>;

/** This process with the upgraded store. */
async function openStore(url: string) {
  vi.resetModules();
  const cached = globalThis as { rekeyDb?: unknown; rekeyPool?: unknown };
  delete cached.rekeyDb;
  delete cached.rekeyPool;
  process.env.DATABASE_URL = url;
  const [{ db }, { openCredential }, { openRotator }, { viewConnections }, { rotate, storedLogin }, { SEALED_COLUMNS }, { open }, verification] =
    await Promise.all([
      import('#lib/kernel/db.ts'),
      import('#lib/logins/sealing.ts'),
      import('#lib/logins/seal-rotator.ts'),
      import('#lib/logins/view-connections.ts'),
      import('#scripts/testing/drive-rotation.ts'),
      import('#lib/encryption/sealed-columns.ts'),
      import('#lib/crypto/envelope.ts'),
      Promise.all([import('#lib/checks/request-verification.ts'), import('#lib/checks/verify-connection.ts')]),
    ]);
  const [{ requestVerification }, { verifyConnection }] = verification;
  return { db, openCredential, openRotator, viewConnections, rotate, storedLogin, SEALED_COLUMNS, open, requestVerification, verifyConnection };
}

/** A database with the kept store, brought to the schema of now. */
async function restoreStore(): Promise<string> {
  const name = `upgrade_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: env.DATABASE_URL });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const url = Object.assign(new URL(env.DATABASE_URL), { pathname: `/${name}` }).href;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const names = readdirSync(MIGRATIONS)
    .filter((one) => /^\d{4}_/.test(one))
    .sort();
  const apply = async (some: string[]) => {
    for (const one of some) await client.query(readFileSync(new URL(`${one}/migration.sql`, MIGRATIONS), 'utf8'));
  };
  await apply(names.filter((one) => one.slice(0, 4) <= LAST));
  await client.query(`SET session_replication_role = replica; ${readFileSync(STORE, 'utf8')}; SET session_replication_role = origin`);
  await apply(names.filter((one) => one.slice(0, 4) > LAST));
  await client.end();
  return url;
}

beforeAll(async () => {
  let url: string;
  const hba = ['host all migrator 127.0.0.1/32 md5', 'host all all 127.0.0.1/32 scram-sha-256'];
  const certificate = makeCertificate('localhost');
  [server, maria, url] = await Promise.all([startTarget({ pooler: 'auth_query', hba }), startMariadbTarget({ certificate }), restoreStore()]);
  stores = await openStore(url);
});
afterAll(async () => {
  await stores.db.$disconnect();
  await Promise.all([server.stop(), maria.stop()]);
});

const WITH_PARTS = { database: { include: { server: true, credentials: { orderBy: { version: 'asc' } } } } } as const;
const site = async () => (await stores.db.site.findFirstOrThrow({ where: { externalId: '12345' }, include: { project: { include: WITH_PARTS } } })).project;
const project = (name: string) => stores.db.project.findFirstOrThrow({ where: { name }, include: WITH_PARTS });

it('every project has the address, pooler, TLS mode and rotator that it had', async () => {
  const old = readFileSync(STORE, 'utf8');
  const names = ['Orders', 'Warehouse', 'Reports', 'Migrations'];
  for (const name of names) {
    const { database } = await project(name);
    expect([name, database]).toMatchObject([name, { host: '127.0.0.1', sslMode: 'prefer', pooledHost: '127.0.0.1', placeVersion: 1, loginKey: database.id }]);
    for (const port of [database.directPort, database.pooledPort]) expect(old).toContain(`'${port}'`);
    expect(database.server).toMatchObject({
      identity: null,
      rotatorName: 'rotator',
      rotatorHost: database.host,
      rotatorPort: database.directPort,
      rotatorSslMode: 'prefer',
    });
  }
  expect(new Set(await Promise.all(names.map(async (name) => (await project(name)).database.serverId))).size).toBe(1);
  expect((await site()).database).toMatchObject({ roleName: 'dev', pooledPort: null, server: { engine: 'mysql', rotatorName: 'rotator' } });
});

it('every sealed value opens, and the URLs are those of before', async () => {
  const credentials = await stores.db.credential.findMany({ include: { database: true } });
  expect(credentials.length).toBeGreaterThan(6);
  for (const credential of credentials) {
    expect(credential.placeVersion).toBe(credential.database.placeVersion);
    expect((await stores.openCredential(credential)).password.reveal()).not.toBe('');
  }
  for (const row of await stores.db.server.findMany({ where: { rotatorSealed: { not: null } } }))
    expect((await stores.openRotator(row, row.rotatorSealed ?? '')).reveal()).not.toBe('');
  const { id, organizationId, database } = await project('Orders');
  const context = { organizationId, actor: { kind: 'system', id: null, name: 'test' }, origin: {} } as const;
  const [password] = await Promise.all(
    database.credentials.filter(({ state }) => state === 'current').map(async (one) => (await stores.openCredential(one)).password.reveal()),
  );
  expect(await stores.viewConnections(context, id)).toMatchObject({
    direct_url: `postgresql://app:${password}@127.0.0.1:${database.directPort}/postgres`,
    pooled_url: `postgresql://app:${password}@127.0.0.1:${database.pooledPort}/postgres`,
  });
});

/** Gives the test's servers the logins of the store, and the store the addresses of the servers. */
async function moveIn(): Promise<void> {
  const { db, openCredential, openRotator } = stores;
  const [postgres, pooled] = [server.target.direct, server.target.pooled];
  const at = { directPort: postgres.port, pooledPort: pooled?.port ?? null };
  await db.database.updateMany({ where: { server: { engine: 'postgresql' }, pooledPort: { not: null } }, data: at });
  await db.database.updateMany({ where: { server: { engine: 'mysql' } }, data: { directPort: maria.target.direct.port } });
  await db.server.updateMany({ where: { engine: 'postgresql' }, data: { rotatorPort: postgres.port } });
  await db.server.updateMany({ where: { engine: 'mysql' }, data: { rotatorPort: maria.target.direct.port } });
  const logins = await db.credential.findMany({ where: { state: 'current', database: { server: { engine: 'postgresql' }, pooledPort: { not: null } } } });
  for (const row of logins) await server.createLogin(row.loginName, { password: (await openCredential(row)).password.reveal() });
  const { server: row } = (await project('Orders')).database;
  const password = (await openRotator(row, row.rotatorSealed ?? '')).reveal();
  const rotator = await server.createRotator('rotator', { user: 'app', password: new Secret('') });
  await server.sql(`ALTER ROLE ${rotator.user} PASSWORD '${password}'; GRANT reports, migrator TO rotator WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  const { database: dev } = await site();
  const current = dev.credentials.find(({ state }) => state === 'current');
  if (!current || !dev.server.rotatorSealed) throw new Error('the store has another site');
  await maria.createLogin('dev', { password: (await openCredential(current)).password.reveal() });
  await maria.createRotator('rotator');
  await maria.sql(`SET PASSWORD FOR rotator = PASSWORD('${(await openRotator(dev.server, dev.server.rotatorSealed)).reveal()}')`);
  // One that is kept as MD5, without a pooler: PgBouncer asks by SCRAM here.
  await db.database.updateMany({ where: { roleName: 'migrator' }, data: { pooledHost: null, pooledPort: null, pooledSslMode: null } });
  const migrator = logins.find(({ loginName }) => loginName === 'migrator');
  if (!migrator) throw new Error('the store has no login migrator');
  await server.sql(`SET password_encryption = 'md5'; ALTER ROLE migrator PASSWORD '${(await openCredential(migrator)).password.reveal()}'`);
}

type Kept = Awaited<ReturnType<typeof project>>;
const adoptedOf = ({ id, organizationId, databaseId }: Kept) =>
  ({ context: { organizationId, actor: { kind: 'system', id: null, name: 'test' }, origin: {} }, projectId: id, databaseId }) as const;

/** Checks a login as a worker would; the login after it. */
async function check(one: Kept) {
  const { context, projectId, databaseId } = adoptedOf(one);
  const { jobId } = await stores.requestVerification(context, projectId);
  await stores.verifyConnection(jobId, 'test');
  return stores.db.database.findUniqueOrThrow({ where: { id: databaseId }, include: { server: true } });
}

it('a login that answered MD5 goes on doing so, with a warning, and the first check trusts the key that it meets', async () => {
  await moveIn();
  const md5 = { allowsMd5: true, allowsMd5SinceUpgrade: true };
  for (const name of ['Reports', 'Migrations']) expect((await project(name)).database).toMatchObject({ ...md5, directPinnedKey: null });
  const { database: dev } = await site();
  expect(dev).toMatchObject({ allowsMd5: false, directPinnedKey: null, server: { rotatorPinnedKey: null } });

  const warned = { notes: expect.arrayContaining([expect.objectContaining({ tone: 'warn', text: expect.stringContaining('sends an MD5 hash') })]) };
  expect(await check(await project('Migrations'))).toMatchObject({ state: 'ready', lastError: null, directPinnedKey: NO_TLS, ...md5, rights: warned });
  expect(await check(await project('Reports'))).toMatchObject({
    state: 'ready',
    directPinnedKey: NO_TLS,
    pooledPinnedKey: NO_TLS,
    allowsMd5: false,
    allowsMd5SinceUpgrade: false,
    rights: { rotator_may_change: true },
  });
  const { fingerprint } = await mysql.readKey(
    { ...maria.target, direct: { ...maria.target.direct, tls: { ...maria.target.direct.tls, mode: 'require' } } },
    'direct',
  );
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(await check(await site())).toMatchObject({ state: 'ready', directPinnedKey: fingerprint, server: { rotatorPinnedKey: fingerprint } });
});

it('passwords are rotated as before, each login by itself', async () => {
  for (const name of ['Orders', 'Reports', 'Migrations']) {
    const adopted = adoptedOf(await project(name));
    expect([name, await stores.rotate(adopted)]).toMatchObject([name, { state: 'completed' }]);
    const { user, password } = await stores.storedLogin(adopted);
    for (const endpoint of ['direct', 'pooled'] as const) {
      const client = new pg.Client({ connectionString: server.urlOf({ user, password }, endpoint) });
      await client.connect();
      await client.end();
    }
  }
  // The rotation has stored it by SCRAM.
  expect(await check(await project('Migrations'))).toMatchObject({ state: 'ready', allowsMd5: false, allowsMd5SinceUpgrade: false });
});

it('the password of a MariaDB account is rotated by its rotator', async () => {
  const adopted = adoptedOf(await site());
  const { password: old } = await stores.storedLogin(adopted);
  expect(await stores.rotate(adopted)).toMatchObject({
    state: 'completed',
    steps: expect.arrayContaining([expect.objectContaining({ detail: expect.objectContaining({ by: 'rotator' }) })]),
  });
  const login = await stores.storedLogin(adopted);
  await (await maria.connect(login)).end();
  await expect(maria.connect({ ...login, password: old })).rejects.toMatchObject({ errno: 1045 });
});

it('what was left valid for a deployment is still there to be ended', async () => {
  const retiring = await stores.db.credential.findMany({ where: { state: 'retiring' }, include: { database: true } });
  expect(retiring).toMatchObject([{ loginName: 'live', retireAt: null, version: 1, database: { state: 'ready' } }]);
});
