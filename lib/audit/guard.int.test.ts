import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemContext } from '#lib/kernel/context.ts';
import { env } from '#lib/kernel/env.ts';
import { grantApplication } from '#scripts/launcher/application-role.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { isAuditGuarded } from './is-guarded.ts';

// An owner who is no superuser and an application beside it, as docs/operations.md has it, on a database of their own.
const [ownerName, appName] = ['owner', 'app'].map((name) => `${name}_${randomBytes(4).toString('hex')}`) as [string, string];
const urlOf = (user: string) => Object.assign(new URL(env.DATABASE_URL), { username: user, password: 'pw' }).href;
let app: pg.Client;
let owner: pg.Client;
let organizationId: string;

beforeAll(async () => {
  organizationId = await makeOrganization();
  const superuser = new pg.Client({ connectionString: env.DATABASE_URL });
  await superuser.connect();
  const database = new URL(env.DATABASE_URL).pathname.slice(1);
  await superuser.query(`CREATE ROLE ${ownerName} LOGIN PASSWORD 'pw'; CREATE ROLE ${appName} LOGIN PASSWORD 'pw'; GRANT ${appName} TO ${ownerName};
    ALTER DATABASE ${database} OWNER TO ${ownerName}; ALTER SCHEMA public OWNER TO ${ownerName}`);
  const { rows } = await superuser.query<{ sql: string }>(`
    SELECT format('ALTER TABLE %s OWNER TO ${ownerName}', oid::regclass) AS sql FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL SELECT format('ALTER ROUTINE %s OWNER TO ${ownerName}', oid::regprocedure) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'rekey%'`);
  for (const { sql } of rows) await superuser.query(sql);
  await superuser.end();
  await grantApplication(urlOf(ownerName), appName);
  await grantApplication(urlOf(ownerName), appName);
  [app, owner] = [appName, ownerName].map((user) => new pg.Client({ connectionString: urlOf(user) })) as [pg.Client, pg.Client];
  await Promise.all([app.connect(), owner.connect()]);
});
afterAll(() => Promise.all([app.end(), owner.end()]));

/** This process as the application. */
async function asApplication() {
  vi.resetModules();
  const cached = globalThis as { rekeyDb?: unknown; rekeyPool?: unknown };
  delete cached.rekeyDb;
  delete cached.rekeyPool;
  process.env.DATABASE_URL = urlOf(appName);
  const [{ db }, { recordAudit }, guarded, { listen }] = await Promise.all([
    import('#lib/kernel/db.ts'),
    import('./record-audit.ts'),
    import('./is-guarded.ts'),
    import('#lib/queue/listen.ts'),
  ]);
  return { db, recordAudit, isGuarded: guarded.isAuditGuarded, listen };
}

it('the application adds and reads records, and its queue works', async () => {
  expect(await isAuditGuarded()).toBe(false);
  const as = await asApplication();
  expect(await as.isGuarded()).toBe(true);
  await as.db.$transaction((tx) => as.recordAudit(tx, systemContext(organizationId), { action: 'project.updated' }));
  expect(await as.db.auditEvent.count({ where: { organizationId } })).toBe(1);
  await as.db.organization.delete({ where: { id: organizationId } });
  expect(await as.db.auditEvent.count({ where: { organizationId } })).toBe(1);
  const stop = await as.listen(() => {});
  await stop();
  await as.db.$disconnect();
});

it.each([
  'UPDATE audit_events SET action = action',
  'DELETE FROM audit_events',
  'TRUNCATE audit_events',
  'UPDATE audit_checkpoints SET seq = 0',
  'DELETE FROM audit_checkpoints',
  'TRUNCATE audit_checkpoints',
  'UPDATE audit_heads SET seq = 0',
  'DELETE FROM audit_heads',
  "INSERT INTO audit_heads (organization_id) VALUES ('x')",
  'DELETE FROM audit_keys',
  'ALTER TABLE audit_events DISABLE TRIGGER ALL',
  'DROP TRIGGER audit_events_append_only ON audit_events',
  'DROP TABLE audit_events',
  'SET session_replication_role = replica',
  "SELECT rekey_remove_audit_segment('x', 1)",
  `GRANT UPDATE ON audit_events TO ${appName}`,
  `SET ROLE ${ownerName}`,
  'CREATE SCHEMA other',
  'CREATE TABLE public.audit_events_2 (id int)',
])('as the application’s role, %s fails', async (sql) => {
  await app.query('BEGIN');
  // GRANT of what one has not only warns.
  const outcome = await app.query(sql).then(
    () => 'done',
    (error: pg.DatabaseError) => error.code,
  );
  const {
    rows: [right],
  } = outcome === 'done' ? await app.query("SELECT has_table_privilege('audit_events', 'UPDATE') AS has") : { rows: [{ has: false }] };
  await app.query('ROLLBACK');
  expect(sql.startsWith('GRANT') ? right.has : outcome).toEqual(sql.startsWith('GRANT') ? false : '42501');
});

it('refuses its owner by the trigger', async () => {
  for (const sql of ['UPDATE audit_events SET action = action', 'DELETE FROM audit_events', 'TRUNCATE audit_events'])
    await expect(owner.query(sql)).rejects.toThrow('append-only');
});
