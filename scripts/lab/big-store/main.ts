// `npm run big-store`: what years of history cost. Fills a small and a large store, measures what an idle worker costs the
// store in CPU, and compares how long each list of the API takes, asking the two in turn: what else the machine does then
// slows both. Ends with 1 where a bound is passed.
// `--rotations n` (1,000,000), `--logins n` (10,000), `--endpoints n` (1,000), `--records n` (1,000,000), `--seconds n` (60).
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { percentile } from '#scripts/bench/percentile.ts';
import { root } from '#scripts/run-tool.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { cloneControlDatabase, startControlDatabase } from '#scripts/testing/control-database.ts';
import { type RunningWorker, runApi, runWorker } from '#scripts/testing/run-worker.ts';

const TICKS_A_SECOND = 100;

/** The numbers of /proc/<pid>/stat behind the name, which may hold spaces. */
function stat(pid: string): { parent: string; ticks: number; endedTicks: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const sum = (...at: number[]) => at.reduce((total, n) => total + Number(fields[n]), 0);
    return { parent: fields[1] ?? '', ticks: sum(11, 12), endedTicks: sum(13, 14) };
  } catch {
    return null;
  }
}

/** CPU time of a PostgreSQL on this machine so far, in s, with its sessions and what ended of them. Linux alone. */
async function storeCpuSeconds(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const postmaster = stat(String(rows[0]?.pid))?.parent ?? '';
  await client.end();
  const main = stat(postmaster);
  const children = readdirSync('/proc').flatMap((pid) => (/^\d+$/.test(pid) ? (stat(pid) ?? []) : []));
  const ticks = children.filter(({ parent }) => parent === postmaster).reduce((sum, one) => sum + one.ticks, (main?.ticks ?? 0) + (main?.endedTicks ?? 0));
  return ticks / TICKS_A_SECOND;
}

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
/** As many rotations of each login as the large one has, so that pages are as full. */
const SMALL = { logins: 100, rotations: Math.ceil(LARGE.rotations / LARGE.logins) * 100, endpoints: 100, auditRecords: 10_000 };
const MOST_CPU_SECONDS = 2;
const MOST_SLOWER = 2;
/** Below this a ratio says more of the machine than of the store. */
const FLOOR_MS = 10;
/** The machine's own noise can only add: a path that is too slow is measured again so often, and its best round counts. */
const ROUNDS = 3;

/** Ids that stand in a filled store; a path with another parameter is left out. */
const IDS: Record<string, string> = {
  organizationId: 'org_big',
  projectId: 'prj_7',
  jobId: 'job_7',
  siteId: 'sit_7',
  environmentId: 'env_7',
  deploymentId: 'dep_6',
  endpointId: 'whk_7',
  departureId: 'lft_7',
  campaignId: 'cmp_7',
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

interface Store {
  env: { DATABASE_URL: string; NEXTAUTH_URL: string };
  authorization: string;
  cpuSeconds: number;
}

/** Fills a store, and measures what an idle worker costs it, in s of CPU a minute. */
async function prepare(size: typeof LARGE, control: { url: string }): Promise<Store> {
  const env = { DATABASE_URL: await cloneControlDatabase(control.url), NEXTAUTH_URL: `http://127.0.0.1:${await freePort()}` };
  Object.assign(process.env, env);
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
  return { env, authorization, cpuSeconds };
}

/** How long a path takes in each store, in ms; null where it does not answer. */
async function compare(path: string, stores: Store[]): Promise<number[] | null> {
  const ask = ({ env, authorization }: Store) => fetch(`${env.NEXTAUTH_URL}${path}`, { headers: { authorization } });
  for (const store of stores) {
    const first = await ask(store);
    await first.text();
    if (first.ok) continue;
    console.log(`left out: ${first.status} ${path}`);
    return null;
  }
  const best = stores.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    const times: number[][] = stores.map(() => []);
    for (let n = 0; n < Number(values.times); n++) {
      for (const [index, store] of stores.entries()) {
        const began = performance.now();
        await (await ask(store)).text();
        times[index]?.push(performance.now() - began);
      }
    }
    for (const [index, list] of times.entries()) best[index] = Math.min(best[index] ?? 0, percentile(list, 0.95));
    if (ratioOf(best) <= MOST_SLOWER) break;
  }
  return best;
}

const ratioOf = ([small = 0, large = 0]: number[]): number => Math.max(large, FLOOR_MS) / Math.max(small, FLOOR_MS);

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

/** What the overview, its filters and the palette ask. */
const SEARCHES = [
  '/api/v1/projects?limit=100',
  '/api/v1/projects?limit=50&needs_attention=true&sort=urgency',
  '/api/v1/projects?limit=50&needs_attention=false',
  '/api/v1/projects?limit=50&q=project%207',
  '/api/v1/projects?limit=50&environment=production&state=ready&older_than_days=30&sort=-age',
  '/api/v1/projects?limit=8&q=role_7&sort=relevance',
  '/api/v1/projects?limit=12&of_site=false&sort=urgency',
  '/api/v1/organizations/org_big/projects/summary?q=project%207',
];

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
  const stores = [await prepare(SMALL, control), await prepare(LARGE, control)];
  const [small, large] = stores.map(({ cpuSeconds }) => cpuSeconds);
  console.log(`CPU of the store for an idle worker, in s a minute: small ${small?.toFixed(2)}, large ${large?.toFixed(2)}`);
  if (!large || large > MOST_CPU_SECONDS) failures.push(`an idle worker takes ${large?.toFixed(2)} s a minute of the store's CPU`);
  for (const { env } of stores) await started(runApi(Number(new URL(env.NEXTAUTH_URL).port), env));
  for (const path of [...(await listPaths()), ...SEARCHES]) {
    const ms = await compare(path, stores);
    if (!ms) continue;
    const ratio = ratioOf(ms);
    const [small, large] = ms.map((one) => one.toFixed(1).padStart(8));
    console.log(`${path.padEnd(96)} small ${small} ms   large ${large} ms   ${ratio.toFixed(2)}`);
    if (!(ratio <= MOST_SLOWER)) failures.push(`${path} takes ${ratio.toFixed(2)} times as long`);
  }
} finally {
  await stop();
}
for (const failure of failures) console.log(`BAD ${failure}`);
if (failures.length === 0) console.log('ok: an idle worker and every list cost what they cost a small store');
process.exit(failures.length === 0 ? 0 : 1);
