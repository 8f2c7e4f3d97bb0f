// Health says that the store takes no writes: on a full disk, read-only, without the right, and well again afterwards.
import pg from 'pg';
import { expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { checkHealth } from './check-health.ts';

const database = async () => (await checkHealth()).components.find(({ name }) => name === 'database');
const becomes = (status: string) => expect.poll(async () => (await database())?.status, { timeout: 15_000 }).toBe(status);

it('is degraded while a trigger refuses writes, leaves no row, and is ok again afterwards', { timeout: 60_000 }, async () => {
  await becomes('ok');
  expect(await db.writeProbe.count()).toBe(0);
  await db.$executeRaw`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$`;
  await db.$executeRaw`CREATE TRIGGER refuse BEFORE INSERT ON write_probes FOR EACH ROW EXECUTE FUNCTION refuse()`;
  await becomes('degraded');
  expect((await database())?.message).toContain('takes no writes');
  await db.$executeRaw`DROP TRIGGER refuse ON write_probes`;
  await becomes('ok');
});

it.each([
  ['on a read-only store', 'default_transaction_read_only = on'],
  ['while its login may not write', 'role = pg_read_all_data'],
])('is degraded %s, and ok again afterwards', { timeout: 60_000 }, async (_, setting) => {
  // Past the setting that is tried.
  const admin = new pg.Client({ connectionString: process.env.DATABASE_URL, options: '-c default_transaction_read_only=off -c role=none' });
  await admin.connect();
  const store = new URL(process.env.DATABASE_URL ?? '').pathname.slice(1);
  /** A database's settings hold for new connections alone. */
  const hangUp = () => admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
  await admin.query(`ALTER DATABASE ${store} SET ${setting}`);
  await hangUp();
  await becomes('degraded');
  await admin.query(`ALTER DATABASE ${store} RESET ALL`);
  await hangUp();
  await becomes('ok');
  await admin.end();
});
