// What `npm start` runs: databases, web server and worker on one machine, started and stopped together.
import { mkdirSync } from 'node:fs';
import { styleText } from 'node:util';
import { grantApplication, makeApplicationRole } from '#scripts/launcher/application-role.ts';
import { startControl } from '#scripts/launcher/control.ts';
import { takeDataLock } from '#scripts/launcher/data-lock.ts';
import { startDemo } from '#scripts/launcher/demo.ts';
import { isDemoSiteNew, startDemoSite } from '#scripts/launcher/demo-site.ts';
import { runFirstRun } from '#scripts/launcher/first-run-process.ts';
import { isKeyGiven, readKeys } from '#scripts/launcher/keys.ts';
import { type LaunchOptions, readOptions } from '#scripts/launcher/options.ts';
import { partEnv } from '#scripts/launcher/part-env.ts';
import { endLeftovers } from '#scripts/launcher/parts.ts';
import { choosePort, keepPorts } from '#scripts/launcher/ports.ts';
import { buildDashboard, generateCode, migrateDatabase } from '#scripts/launcher/prepare.ts';
import { elapsedSeconds, say } from '#scripts/launcher/progress.ts';
import { spawnPart } from '#scripts/launcher/spawn-part.ts';
import { type Launcher, supervise } from '#scripts/launcher/supervisor.ts';
import { waitUntilHealthy } from '#scripts/launcher/wait-until-healthy.ts';
import { LAUNCHED_FOR } from '#scripts/servers/child-env.ts';
import { findMariadb } from '#scripts/servers/mariadb.ts';
import { root } from './run-tool.ts';

const isEverywhere = (host: string): boolean => ['0.0.0.0', '::'].includes(host);

async function launch(options: LaunchOptions, supervisor: Launcher): Promise<void> {
  const { signal, keep } = supervisor;
  const { dataDir, host, dev } = options;
  await endLeftovers(dataDir);
  const port = await choosePort(options.port, host);
  const ports = await keepPorts(dataDir);
  const address = `http://${isEverywhere(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}`;

  const ownerUrl = options.migrateDatabaseUrl ?? options.databaseUrl ?? (await startControl(dataDir, ports.control, keep));
  const shared = {
    ...process.env,
    ...readKeys(dataDir),
    NODE_ENV: dev ? 'development' : 'production',
    REKEY_STORE: options.databaseUrl ? 'external' : 'embedded',
    ...(options.checkpointFile && { REKEY_AUDIT_CHECKPOINT_FILE: options.checkpointFile }),
    REKEY_ENCRYPTION_KEY_ORIGIN: isKeyGiven(process.env) ? 'given' : 'generated',
    NEXTAUTH_URL: process.env.NEXTAUTH_URL || address,
    HOST: host,
    PORT: String(port),
    REKEY_LOG_LEVEL: process.env.REKEY_LOG_LEVEL || 'warn',
  } as const;

  await generateCode({ signal });
  await migrateDatabase(ownerUrl, { env: { DATABASE_URL: ownerUrl }, signal });
  // The owner's URL stays here: neither web server nor worker is given it.
  const settings = { ...shared, DATABASE_URL: await applicationUrl(options, ownerUrl) };
  const demo = options.demo ? await startDemo(dataDir, ports, supervisor) : undefined;
  if (!dev) await buildDashboard({ signal });
  const firstRun = { demo, isDemoSiteNew: options.demoSite ? isDemoSiteNew(dataDir) : undefined };
  const { setUpPath, demoSite } = await runFirstRun(dataDir, firstRun, partEnv('first run', settings), signal);
  const { REKEY_INIT_EMAIL, REKEY_INIT_PASSWORD, REKEY_INIT_API_KEY, ...lasting } = process.env;
  // What a process was started with can be read in /proc for as long as it runs, and this one runs on.
  if ((REKEY_INIT_PASSWORD || REKEY_INIT_API_KEY) && process.execve) return supervisor.beginAnew(lasting);

  const needsMariadb = demoSite === 'wanted' && !findMariadb();
  const told = { ...settings, REKEY_DEMO_SITE: needsMariadb ? 'needs_mariadb' : undefined };
  say('Starting the web server and the worker');
  let isReady = false;
  const start = (name: 'web server' | 'worker', args: string[]) =>
    keep(() => {
      const part = spawnPart(name, args, partEnv(name, told));
      if (isReady) part.output.release();
      return part;
    });
  const running = [
    await start('web server', ['scripts/web.ts', ...(dev ? ['--dev'] : [])]),
    await start('worker', [...(dev ? ['--watch', '--watch-preserve-output'] : []), 'workers/main.ts']),
  ];
  try {
    await waitUntilHealthy(address, signal, 60_000);
  } catch (error) {
    for (const { output } of running) console.error(output.text());
    throw error;
  }
  for (const { output } of running) output.release();
  isReady = true;
  supervisor.ready();

  say(`Rekey is ready after ${elapsedSeconds().toFixed(1)} s: ${styleText('bold', settings.NEXTAUTH_URL)}`);
  if (isEverywhere(host) && !process.env.NEXTAUTH_URL) say('It listens on every address. Set NEXTAUTH_URL to the one that people open.');
  if (demo) say(`The project "shop" is a demonstration: PostgreSQL on port ${ports.demo}${demo.pooledPort ? `, PgBouncer on port ${demo.pooledPort}` : ''}.`);
  if (setUpPath) say(`Open this link once to set up your sign-in: ${styleText('bold', `${settings.NEXTAUTH_URL}${setUpPath}`)}`);
  say('Ctrl-C stops everything.');
  if (demoSite !== 'none' && findMariadb()) await startDemoSite(dataDir, ports.demoSite, demoSite === 'wanted', supervisor, partEnv('worker', settings));
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
  process.env[LAUNCHED_FOR] = options.dataDir;
  supervise(options.dataDir, (supervisor) => launch(options, supervisor), release);
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
