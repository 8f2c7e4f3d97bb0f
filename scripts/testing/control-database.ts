// One throw-away control PostgreSQL for a test run, migrated once; each test file gets a copy of its database.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { runPrisma } from '#scripts/run-tool.ts';
import { startPostgres } from '#scripts/servers/postgres.ts';

const TEMPLATE = 'rekey_template';

export interface ControlDatabase {
  /** The superuser's URL, of the database `postgres`. */
  url: string;
  /** Ends it as a crash does. It comes back with `start`, at the same port. */
  crash: () => Promise<void>;
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

const withDatabase = (url: string, name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;

/** Starts an empty PostgreSQL that forgets everything when it stops. It is not safe against a power cut, and fast. `onLog` gets its log. */
export async function startThrowAwayPostgres(onLog?: (text: string) => void): Promise<ControlDatabase> {
  const dir = mkdtempSync(join(tmpdir(), 'rekey-test-'));
  chmodSync(dir, 0o755);
  const launch = (port?: number) =>
    startPostgres({
      dir,
      ...(port && { port }),
      ...(onLog && { onLog }),
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200', shared_preload_libraries: 'pg_stat_statements' },
    });
  let server = await launch();
  return {
    url: server.url,
    crash: () => server.crash(),
    start: async () => {
      server = await launch(server.port);
    },
    stop: async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Starts the server and migrates the template the way users migrate. */
export async function startControlDatabase(onLog?: (text: string) => void): Promise<ControlDatabase> {
  const server = await startThrowAwayPostgres(onLog);
  await runPrisma(['migrate', 'deploy'], { env: { DATABASE_URL: withDatabase(server.url, TEMPLATE) } });
  return server;
}

/** Copies the migrated template; answers the copy's URL. */
export async function cloneControlDatabase(serverUrl: string): Promise<string> {
  const name = `rekey_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  } finally {
    await client.end();
  }
  return withDatabase(serverUrl, name);
}
