import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { root } from '#scripts/run-tool.ts';
import { migrateDatabase } from './prepare.ts';

const FIRST = '0001_init';
const TABLE = `CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0)`;

async function asOwner<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function emptyDatabase(name: string): Promise<string> {
  const server = inject('controlServerUrl');
  await asOwner(server, (client) => client.query(`CREATE DATABASE ${name}`));
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

/** As a start leaves it that was killed after Prisma had written down that the first migration begins. */
async function beginFirst(url: string, logs: string | null): Promise<void> {
  const checksum = createHash('sha256')
    .update(readFileSync(join(root, 'prisma/migrations', FIRST, 'migration.sql')))
    .digest('hex');
  await asOwner(url, async (client) => {
    await client.query(TABLE);
    await client.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, logs) VALUES ('1', $1, $2, $3)`, [checksum, FIRST, logs]);
  });
}

const states = (url: string) =>
  asOwner(url, async (client) => {
    const { rows } = await client.query(
      `SELECT migration_name, finished_at IS NOT NULL AS done, rolled_back_at IS NOT NULL AS undone FROM _prisma_migrations ORDER BY started_at`,
    );
    return rows;
  });

test('runs a migration again that was cut off', async () => {
  const url = await emptyDatabase('cut_off');
  await beginFirst(url, null);
  await migrateDatabase(url, { env: { DATABASE_URL: url } });
  const rows = await states(url);
  expect(rows[0]).toEqual({ migration_name: FIRST, done: false, undone: true });
  expect(rows.slice(1).every(({ done, undone }) => done && !undone)).toBe(true);
  expect(rows[1]).toMatchObject({ migration_name: FIRST });
});

test('leaves a migration that failed to a person, with Prisma’s words', async () => {
  const url = await emptyDatabase('failed');
  await beginFirst(url, 'it failed');
  await expect(migrateDatabase(url, { env: { DATABASE_URL: url } })).rejects.toThrow('P3009');
  expect(await states(url)).toEqual([{ migration_name: FIRST, done: false, undone: false }]);
});

test('notes with a migration itself that it has ended', async () => {
  const url = await emptyDatabase('noted');
  // What Prisma says afterwards is refused: only the note within the migration counts.
  await asOwner(url, async (client) => {
    await client.query(TABLE);
    await client.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF OLD.finished_at IS NOT NULL THEN RAISE EXCEPTION 'cut off'; END IF; RETURN NEW; END $$`);
    await client.query('CREATE TRIGGER cut BEFORE UPDATE ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION refuse()');
  });
  await expect(migrateDatabase(url, { env: { DATABASE_URL: url } })).rejects.toThrow('migrate deploy failed');
  expect(await states(url)).toEqual([{ migration_name: FIRST, done: true, undone: false }]);
  await asOwner(url, (client) => client.query('DROP TRIGGER cut ON _prisma_migrations'));
  await migrateDatabase(url, { env: { DATABASE_URL: url } });
  expect((await states(url)).filter(({ done }) => !done)).toEqual([]);
});
