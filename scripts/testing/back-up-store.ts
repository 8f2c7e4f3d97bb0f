// A backup of the test file's own control database, and its restore, as an operator makes them: by a copy of all of it.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, vi } from 'vitest';
import { db } from '#lib/kernel/db.ts';

/** Copies the store as it is at this moment. Answers what puts it back, as often as wanted; nothing may be in progress then. */
export async function backUpStore(): Promise<() => Promise<void>> {
  const store = new URL(process.env.DATABASE_URL ?? '').pathname.slice(1);
  const backup = `${store}_${randomBytes(3).toString('hex')}`;
  await copyDatabase(store, backup);
  return async () => {
    await copyDatabase(backup, store);
  };
}

async function copyDatabase(from: string, to: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('controlServerUrl') });
  await client.connect();
  try {
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [from]);
    await client.query(`DROP DATABASE IF EXISTS ${to} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${to} TEMPLATE ${from}`);
  } finally {
    await client.end();
  }
  // Until the pool has noticed which of its connections are gone.
  await vi.waitFor(() => db.$queryRaw`SELECT 1`, { timeout: 10_000, interval: 50 });
}
