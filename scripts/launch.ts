// What `npm start` runs: databases, web server and worker on one machine, started and stopped together.
import { mkdirSync } from 'node:fs';
import { styleText } from 'node:util';
import { grantApplication, makeApplicationRole } from '#scripts/launcher/application-role.ts';
import { startControl } from '#scripts/launcher/control.ts';
import { takeDataLock } from '#scripts/launcher/data-lock.ts';
import { startDemo } from '#scripts/launcher/demo.ts';
import { runFirstRun } from '#scripts/launcher/first-run-process.ts';
import { isKeyGiven, readKeys } from '#scripts/launcher/keys.ts';
import { type LaunchOptions, readOptions } from '#scripts/launcher/options.ts';
import { endLeftovers } from '#scripts/launcher/parts.ts';
import { choosePort, keepPorts } from '#scripts/launcher/ports.ts';
import { buildDashboard, generateClient, migrateDatabase, writeApiDocument } from '#scripts/launcher/prepare.ts';
import { elapsedSeconds, say } from '#scripts/launcher/progress.ts';
import { spawnPart } from '#scripts/launcher/spawn-part.ts';
import { type Supervisor, supervise } from '#scripts/launcher/supervisor.ts';
import { waitUntilHealthy } from '#scripts/launcher/wait-until-healthy.ts';
import { root } from './run-tool.ts';

const isEverywhere = (host: string): boolean => ['0.0.0.0', '::'].includes(host);

async function launch(options: LaunchOptions, { signal, watch }: Supervisor): Promise<void> {
  const { dataDir, host, dev } = options;
  await endLeftovers(dataDir);
  const port = await choosePort(options.port, host);
  const ports = await keepPorts(dataDir);
  const address = `http://${isEverywhere(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;

  const ownerUrl = options.migrateDatabaseUrl ?? options.databaseUrl ?? (await startControl(dataDir, ports.control, watch));
  // The owner's URL stays here: neither web server nor worker is given it.
  const { REKEY_MIGRATE_DATABASE_URL: _, ...given } = process.env;
  const shared = {
    ...given,
    ...readKeys(dataDir),
    NODE_ENV: dev ? 'development' : 'production',
    REKEY_STORE: options.databaseUrl ? 'external' : 'embedded',
    ...(options.checkpointFile && { REKEY_AUDIT_CHECKPOINT_FILE: options.checkpointFile }),
    REKEY_ENCRYPTION_KEY_ORIGIN: isKeyGiven(process.env) ? 'given' : 'generated',
    NEXTAUTH_URL: process.env.NEXTAUTH_URL || address,
    HOST: host,
    PORT: String(port),
    NEXT_TELEMETRY_DISABLED: '1',
    REKEY_LOG_LEVEL: process.env.REKEY_LOG_LEVEL || 'warn',
  } as const;

  await generateClient({ signal });
  await writeApiDocument({ signal });
  await migrateDatabase(ownerUrl, { env: { ...shared, DATABASE_URL: ownerUrl }, signal });
  const env = { ...shared, DATABASE_URL: await applicationUrl(options, ownerUrl) };
  const demo = options.demo ? await startDemo(dataDir, ports, watch) : undefined;
  if (!dev) await buildDashboard({ env, signal });
  const { setUpPath } = await runFirstRun(dataDir, demo, env, signal);

  say('Starting the web server and the worker');
  const running = [
    watch(spawnPart('web server', ['scripts/web.ts', ...(dev ? ['--dev'] : [])], env)),
    watch(spawnPart('worker', [...(dev ? ['--watch', '--watch-preserve-output'] : []), 'workers/main.ts'], env)),
  ];
  try {
    await waitUntilHealthy(address, signal, 60_000);
  } catch (error) {
    for (const { output } of running) console.error(output.text());
    throw error;
  }
  for (const { output } of running) output.release();

  say(`Rekey is ready after ${elapsedSeconds().toFixed(1)} s: ${styleText('bold', env.NEXTAUTH_URL)}`);
  if (isEverywhere(host) && !process.env.NEXTAUTH_URL) say('It listens on every address. Set NEXTAUTH_URL to the one that people open.');
  if (demo) say(`The project "shop" is a demonstration: PostgreSQL on port ${ports.demo}${demo.pooledPort ? `, PgBouncer on port ${demo.pooledPort}` : ''}.`);
  if (setUpPath) say(`Open this link once to set up your sign-in: ${styleText('bold', `${env.NEXTAUTH_URL}${setUpPath}`)}`);
  say('Ctrl-C stops everything.');
}

/** The login for web server and worker: a lesser one than the owner, unless the operator gives the owner alone. */
async function applicationUrl({ databaseUrl, migrateDatabaseUrl }: LaunchOptions, ownerUrl: string): Promise<string> {
  if (!databaseUrl) return makeApplicationRole(ownerUrl);
  if (migrateDatabaseUrl) await grantApplication(ownerUrl, decodeURIComponent(new URL(databaseUrl).username));
  return databaseUrl;
}

try {
  process.chdir(root);
  const options = readOptions();
  mkdirSync(options.dataDir, { recursive: true, mode: 0o755 });
  const release = takeDataLock(options.dataDir);
  supervise(options.dataDir, (supervisor) => launch(options, supervisor), release);
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
