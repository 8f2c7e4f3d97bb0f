import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findPgbouncer, type PgbouncerOptions, prepareAuthQuery, startPgbouncer } from '#scripts/servers/pgbouncer.ts';
import { startPostgres } from '#scripts/servers/postgres.ts';
import { isFree, type ServerPorts } from './ports.ts';
import { say } from './progress.ts';
import type { Supervisor } from './supervisor.ts';

export interface Demo {
  superuserUrl: string;
  directPort: number;
  /** Null where PgBouncer is not installed. */
  pooledPort: number | null;
  /** True until its project has been made once: a person who deletes it does not get it again. */
  isNew: boolean;
}

export const adoptedStamp = (dataDir: string): string => join(dataDir, 'demo/adopted');

const DATABASE = 'shop';

async function createDatabase(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(DATABASE)}`);
  } finally {
    await client.end();
  }
}

/** Starts the demonstration; where it cannot be, says why, and Rekey runs without it until the next start. */
export async function startDemo(dataDir: string, ports: ServerPorts, { keep, signal }: Supervisor): Promise<Demo | undefined> {
  try {
    return await startDemoServers(dataDir, ports, keep);
  } catch (error) {
    signal.throwIfAborted();
    say(`The demonstration did not start, and Rekey runs without it; the next start tries again. ${(error as Error).message}`);
    return undefined;
  }
}

/**
 * A second embedded PostgreSQL as the server whose passwords change, with PgBouncer in front
 * where it is installed. Its ports stay the same, for they are part of the project's address.
 */
async function startDemoServers(dataDir: string, ports: ServerPorts, keep: Supervisor['keep']): Promise<Demo | undefined> {
  if (!(await isFree(ports.demo))) {
    say(`The demonstration stays off: another program has taken its port ${ports.demo}.`);
    return undefined;
  }
  const server = await keep(async () => ({ name: 'demo database', ...(await startPostgres({ dir: join(dataDir, 'demo'), port: ports.demo })) }), {
    isDemo: true,
  });
  const superuserUrl = Object.assign(new URL(server.url), { pathname: `/${DATABASE}` }).href;
  await createDatabase(server.url);
  const pooledPort = await startPooler(dataDir, ports, superuserUrl, keep);
  return { superuserUrl, directPort: ports.demo, pooledPort, isNew: !existsSync(adoptedStamp(dataDir)) };
}

async function startPooler(dataDir: string, ports: ServerPorts, superuserUrl: string, keep: Supervisor['keep']): Promise<number | null> {
  if (!findPgbouncer()) return null;
  if (!(await isFree(ports.demoPooler))) {
    say(`The demonstration runs without PgBouncer: another program has taken its port ${ports.demoPooler}.`);
    return null;
  }
  // Its own login gets another password at each start, so none has to be kept.
  const lookup = { user: 'pooler_lookup', password: randomBytes(18).toString('base64url') };
  await prepareAuthQuery(superuserUrl, lookup);
  const options: PgbouncerOptions = {
    dir: join(dataDir, 'demo/pooler'),
    port: ports.demoPooler,
    postgres: { host: '127.0.0.1', port: ports.demo },
    auth: { method: 'auth_query', lookup },
  };
  await keep(async () => ({ name: 'demo PgBouncer', ...(await startPgbouncer(options)) }), { isDemo: true });
  return ports.demoPooler;
}
