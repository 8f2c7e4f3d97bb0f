// The three things made from sources, each only when its sources have changed.
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import pg from 'pg';
import { describeApi, root, runNext, runPrisma, type ToolOptions } from '#scripts/run-tool.ts';
import { during } from './progress.ts';

/** One hash over names and contents of the files that match, tests left out. */
function hashFiles(patterns: string[], cwd: string): string {
  const hash = createHash('sha256');
  const files = globSync(patterns, { cwd, withFileTypes: true, exclude: (entry) => /\.test\.tsx?$/.test(entry.name) });
  const paths = files.filter((entry) => entry.isFile()).map((entry) => relative(cwd, join(entry.parentPath, entry.name)));
  for (const path of paths.sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(cwd, path)))
      .update('\0');
  return hash.digest('hex');
}

const BUILD_SOURCES = [
  '{app,components,lib,public}/**/*',
  'prisma/schema.prisma',
  '{next,postcss}.config.mjs',
  '{proxy,instrumentation}.ts',
  'tsconfig.json',
  'package-lock.json',
];

/** Runs `make` unless the stamp beside its product tells that this very product was made from these very sources. */
async function unlessMade(stamp: string, sources: string[], product: string, make: () => Promise<void>): Promise<void> {
  const hash = hashFiles(sources, root);
  // Somebody may have made the product anew by hand, from other sources.
  const told = () => `${hash} ${hashFiles([product], root)}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === told()) return;
  rmSync(stamp, { force: true });
  await make();
  writeFileSync(stamp, told());
}

/** Makes the database client and the API's document, which all else is built with. */
export async function generateCode(options: ToolOptions = {}): Promise<void> {
  await unlessMade(join(root, 'generated/made-from'), ['prisma/schema.prisma', 'package-lock.json'], 'generated/prisma/**/*', () =>
    during('Generating the database client', () => runPrisma(['generate'], options)),
  );
  const apiSources = ['app/api/**/*', 'lib/**/*', 'scripts/openapi/*', 'package-lock.json'];
  await unlessMade(join(root, 'generated/api-made-from'), apiSources, 'generated/openapi.json', () => describeApi(options));
}

export const buildDashboard = (options: ToolOptions = {}): Promise<void> =>
  unlessMade(join(root, '.next/made-from'), BUILD_SOURCES, '.next/BUILD_ID', () =>
    during('Building the dashboard: about a minute, at the first start and after a change', () => runNext(['build'], options)),
  );

/** Names and checksums of the migrations, the way Prisma writes them down. */
function migrationsOnDisk(): string[] {
  const folder = join(root, 'prisma/migrations');
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(
    ({ name }) =>
      `${name} ${createHash('sha256')
        .update(readFileSync(join(folder, name, 'migration.sql')))
        .digest('hex')}`,
  );
}

/** Undefined where the database, or Prisma's table in it, does not exist yet. */
async function migrationsApplied(databaseUrl: string): Promise<string[] | undefined> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query('SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL');
    return rows.map((row) => `${row.migration_name} ${row.checksum}`);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (['3D000', '42P01'].includes(code)) return undefined;
    throw new Error(`The PostgreSQL at DATABASE_URL does not answer as it should, and nothing was changed: ${(error as Error).message || code}`, {
      cause: error,
    });
  } finally {
    await client.end();
  }
}

/** The lock that Prisma holds while it migrates: a migration whose starter was killed may still be running in the server. */
const MIGRATE_LOCK = 72_707_369;

/** A migration that was cut off has changed nothing (prisma-schema-engine.mjs), so it is noted as rolled back and runs again. One that failed keeps its words. */
async function clearCutOff(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(`SET statement_timeout = '60s'; SELECT pg_advisory_lock(${MIGRATE_LOCK})`);
    await client.query('UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL AND logs IS NULL');
  } finally {
    await client.end();
  }
}

/** Asks the database itself, which takes milliseconds; Prisma's command line takes seconds. */
export async function migrateDatabase(databaseUrl: string, options: ToolOptions): Promise<void> {
  const applied = await migrationsApplied(databaseUrl);
  if (applied && migrationsOnDisk().every((migration) => applied.includes(migration))) return;
  if (applied) await clearCutOff(databaseUrl);
  await during('Bringing the database up to date', () => runPrisma(['migrate', 'deploy'], options));
}
