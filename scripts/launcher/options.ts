import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface LaunchOptions {
  /** The port of the dashboard; undefined when nobody asked for one, then 3000 or the next free one. */
  port: number | undefined;
  host: string;
  /** Absolute: keys, ports and the embedded databases. */
  dataDir: string;
  /** Serve from the sources and start again when they change. */
  dev: boolean;
  demo: boolean;
  /** Beside it a site, where MariaDB is installed. */
  demoSite: boolean;
  /** Given: use this PostgreSQL instead of the embedded one. */
  databaseUrl: string | undefined;
  /** Given beside it: the owner of the tables, who migrates; `databaseUrl` is then the application's lesser login. */
  migrateDatabaseUrl: string | undefined;
  /** Where checkpoints of the audit log are appended: outside of the embedded database, or where the environment says. */
  checkpointFile: string | undefined;
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`The port must be a number from 1 to 65535, not "${text}".`);
  return port;
}

/** Flags first, then the environment, then the defaults. */
export function readOptions(args = process.argv.slice(2), env: NodeJS.Dict<string> = process.env): LaunchOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { port: text, host: text, data: text, dev: { type: 'boolean', default: false } } });
  const databaseUrl = env.DATABASE_URL || undefined;
  const migrateDatabaseUrl = env.REKEY_MIGRATE_DATABASE_URL || undefined;
  if (migrateDatabaseUrl && !databaseUrl)
    throw new Error('REKEY_MIGRATE_DATABASE_URL is the owner beside DATABASE_URL: give that too, the login of the application.');
  const dataDir = resolve(values.data ?? (env.REKEY_DATA_DIR || '.data'));
  return {
    port: parsePort(values.port ?? (env.PORT || undefined)),
    host: values.host ?? (env.HOST || '127.0.0.1'),
    dataDir,
    dev: values.dev,
    demo: env.REKEY_DEMO !== '0' && !databaseUrl,
    demoSite: !['0', 'project'].includes(env.REKEY_DEMO ?? '') && !databaseUrl,
    databaseUrl,
    migrateDatabaseUrl,
    checkpointFile: env.REKEY_AUDIT_CHECKPOINT_FILE || (databaseUrl ? undefined : join(dataDir, 'audit-checkpoints.jsonl')),
  };
}
