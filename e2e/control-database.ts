import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/** The database that the launcher keeps Rekey's tables in. */
export function controlUrl(): string {
  const dataDir = readFileSync('test-results/e2e-data-dir', 'utf8');
  const { control } = JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8')) as { control: number };
  const password = readFileSync(join(dataDir, 'control/password'), 'utf8');
  return `postgresql://postgres:${password}@127.0.0.1:${control}/rekey`;
}

/** As if every password had been given six minutes ago. */
export async function makeSessionsStale(): Promise<void> {
  const client = new pg.Client({ connectionString: controlUrl() });
  await client.connect();
  await client.query(`UPDATE sessions SET verified_at = now() - interval '6 minutes'`);
  await client.end();
}
