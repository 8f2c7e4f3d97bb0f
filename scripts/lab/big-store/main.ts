// `npm run big-store`: what years of history cost. Fills a small and a large store, measures what an idle worker costs the
// store in CPU, and compares how long each list of the API takes. Ends with 1 where a bound is passed.
// `--rotations n` (1,000,000), `--logins n` (10,000), `--endpoints n` (1,000), `--records n` (1,000,000), `--seconds n` (60).
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { percentile } from '#scripts/bench/percentile.ts';
import { root } from '#scripts/run-tool.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { cloneControlDatabase, startControlDatabase } from '#scripts/testing/control-database.ts';
import { type RunningWorker, runApi, runWorker } from '#scripts/testing/run-worker.ts';
import { storeCpuSeconds } from './cpu.ts';

const number = (usual: number) => ({ type: 'string', default: String(usual) }) as const;
const { values } = parseArgs({
  options: {
    rotations: number(1_000_000),
    logins: number(10_000),
    endpoints: number(1_000),
    records: number(1_000_000),
    seconds: number(60),
    times: number(40),
  },
});
const LARGE = { logins: Number(values.logins), rotations: Number(values.rotations), endpoints: Number(values.endpoints), auditRecords: Number(values.records) };
const SMALL = { logins: 100, rotations: 1_000, endpoints: 10, auditRecords: 1_000 };
const MOST_CPU_SECONDS = 2;
const MOST_SLOWER = 2;
/** Below this a ratio says more of the machine than of the store. */
const FLOOR_MS = 10;

/** Ids that stand in a filled store; a path with another parameter is left out. */
const IDS: Record<string, string> = {
  organizationId: 'org_big',
  projectId: 'prj_7',
  jobId: 'job_7',
  siteId: 'sit_7',
  environmentId: 'env_7',
  deploymentId: 'dep_10',
  endpointId: 'whk_7',
  departureId: 'lft_7',
  eventId: 'aud_7',
};
/** Whole files and streams, and calls to the outside. */
const NOT_LISTS = /export|checkpoints|verification|variables|openapi|live|unknown|\/sessions$|encryption-keys/;

const running = new Set<RunningWorker>();

async function started(child: RunningWorker): Promise<RunningWorker> {
  running.add(child);
  void child.exited.then(() => running.delete(child));
  await child.ready;
  return child;
}

interface Measured {
  cpuSeconds: number;
  p95: Map<string, number>;
}

async function measure(size: typeof LARGE, control: { url: string }): Promise<Measured> {
  const port = await freePort();
  Object.assign(process.env, { DATABASE_URL: await cloneControlDatabase(control.url), NEXTAUTH_URL: `http://127.0.0.1:${port}` });
  const began = performance.now();
  const authorization = execFileSync(process.execPath, ['scripts/lab/big-store/fill.ts', JSON.stringify(size)], { cwd: root, encoding: 'utf8' });
  console.log(`filled: ${JSON.stringify(size)} in ${((performance.now() - began) / 1000).toFixed(0)} s`);

  const worker = await started(runWorker({ REKEY_LOG_LEVEL: 'info' }));
  // The first sweep prunes and looks at the audit log; what is measured comes after it.
  await delay(20_000);
  const before = await storeCpuSeconds(control.url);
  await delay(Number(values.seconds) * 1_000);
  const cpuSeconds = ((await storeCpuSeconds(control.url)) - before) * (60 / Number(values.seconds));
  await worker.stop();

  const api = await started(runApi(port));
  const p95 = new Map<string, number>();
  for (const path of await listPaths()) {
    const ask = () => fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization } });
    const first = await ask();
    await first.text();
    if (!first.ok) {
      console.log(`left out: ${first.status} ${path}`);
      continue;
    }
    const times: number[] = [];
    for (let n = 0; n < Number(values.times); n++) {
      const started = performance.now();
      await (await ask()).text();
      times.push(performance.now() - started);
    }
    p95.set(path, percentile(times, 0.95));
  }
  await api.stop();
  return { cpuSeconds, p95 };
}

/** Each GET of the API that answers JSON, with a page where it has pages, and the metrics' statements. */
async function listPaths(): Promise<string[]> {
  const { readRoutes } = await import('#scripts/openapi/read-routes.ts');
  return (await readRoutes()).flatMap(({ method, path, description }) => {
    if (method !== 'GET' || NOT_LISTS.test(path) || description.mediaTypes) return [];
    const filled = path.replace(/\{(\w+)\}/g, (all, name: string) => IDS[name] ?? all);
    const query = (description.query as { shape?: Record<string, unknown> } | undefined)?.shape ?? {};
    const size = ['limit', 'per_page', 'perPage'].find((name) => name in query);
    return filled.includes('{') ? [] : [size ? `${filled}?${size}=50` : filled];
  });
}

const control = await startControlDatabase();
const stop = async () => {
  for (const { pid } of running) process.kill(pid, 'SIGKILL');
  await control.stop();
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop().then(() => process.exit(130)));
Object.assign(process.env, {
  REKEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  NEXTAUTH_SECRET: randomBytes(32).toString('base64'),
  REKEY_LOG_LEVEL: 'silent',
  REKEY_RATE_LIMIT: '1000000',
});
const failures: string[] = [];
try {
  const [small, large] = [await measure(SMALL, control), await measure(LARGE, control)];
  console.log(`CPU of the store for an idle worker, in s a minute: small ${small.cpuSeconds.toFixed(2)}, large ${large.cpuSeconds.toFixed(2)}`);
  if (large.cpuSeconds > MOST_CPU_SECONDS) failures.push(`an idle worker takes ${large.cpuSeconds.toFixed(2)} s a minute of the store's CPU`);
  for (const [path, ms] of large.p95) {
    const known = small.p95.get(path) ?? Number.NaN;
    const ratio = Math.max(ms, FLOOR_MS) / Math.max(known, FLOOR_MS);
    console.log(`${path.padEnd(96)} small ${known.toFixed(1).padStart(8)} ms   large ${ms.toFixed(1).padStart(8)} ms   ${ratio.toFixed(2)}`);
    if (!(ratio <= MOST_SLOWER)) failures.push(`${path} takes ${ratio.toFixed(2)} times as long`);
  }
} finally {
  await stop();
}
for (const failure of failures) console.log(`BAD ${failure}`);
if (failures.length === 0) console.log('ok: an idle worker and every list cost what they cost a small store');
process.exit(failures.length === 0 ? 0 : 1);
