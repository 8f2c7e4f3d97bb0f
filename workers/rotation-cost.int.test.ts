// What one rotation asks of the store, from the request by the API to its end, through a web and a worker process: by the
// store's own log, in which each statement stands with the transaction that it belongs to.
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '#scripts/servers/free-port.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { keyHeaders } from '#scripts/testing/call-api.ts';
import { type RunningWorker, runApi, runWorker } from '#scripts/testing/run-worker.ts';

const MOST_STATEMENTS = 42;
const MOST_TRANSACTIONS = 26;
const ROTATIONS = 10;

/** A server of its own, whose log can be told to hold every statement. */
const store = await vi.hoisted(async () => {
  const { cloneControlDatabase, startControlDatabase } = await import('#scripts/testing/control-database.ts');
  let log = '';
  const server = await startControlDatabase((text) => {
    log += text;
  });
  process.env.DATABASE_URL = await cloneControlDatabase(server.url);
  return { server, log: () => log };
});
const url = new URL(process.env.DATABASE_URL ?? '');
/** In another database, so that what the test asks is not counted. */
const superuser = new pg.Client({ connectionString: store.server.url });
/** What the rotations are followed by; see NOT_COUNTED. */
const reader = new pg.Client({ connectionString: url.href });
const running: RunningWorker[] = [];
let target: TestTarget;
let api: string;

beforeAll(async () => {
  await Promise.all([superuser.connect(), reader.connect()]);
  const port = await freePort();
  api = `http://127.0.0.1:${port}`;
  running.push(runWorker({ REKEY_LOG_LEVEL: 'info' }), runApi(port));
  [target] = await Promise.all([startTarget(), ...running.map(({ ready }) => ready)]);
});

afterAll(async () => {
  await Promise.all(running.map((process) => process.stop()));
  await Promise.all([superuser.end(), reader.end(), target.stop()]);
  const { db } = await import('#lib/kernel/db.ts');
  await db.$disconnect();
  await store.server.stop();
});

/** Requests a rotation by the API and waits for its end. */
async function rotate(projectId: string, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(`${api}/api/v1/projects/${projectId}/credentials/rotate`, { method: 'POST', headers });
  expect(answer.status).toBe(202);
  const { job } = (await answer.json()) as { job: { id: string } };
  const state = async () => (await reader.query<{ state: string }>('SELECT state /* test */ FROM jobs WHERE id = $1', [job.id])).rows[0]?.state;
  await expect.poll(state, { timeout: 60_000, interval: 25 }).toBe('completed');
}

/**
 * What is asked by time, however many rotations there are (workers/idle.int.test.ts limits that), and what this test asks,
 * as somebody who follows a job would. What begins and ends a transaction is counted as the transaction.
 */
const NOT_COUNTED = [
  /\/\* test \*\//,
  /INSERT INTO (workers|process_clocks)\b/,
  /AS rotations,|ORDER BY r\.next_attempt_at LIMIT/,
  /^SELECT$/,
  /pg_listening_channels|FROM pgboss\.(queue|version|warning)\b|UPDATE pgboss\.(version|queue)/,
  /^(BEGIN|COMMIT|ROLLBACK)/,
];
const MARK = '~rekey~';

/** The statements in a part of the log, each with its transaction. */
function readStatements(log: string): { transaction: string; text: string }[] {
  return log.split(MARK).flatMap((entry) => {
    const [, transaction, text] = /^(\S+) LOG: {2}(?:execute [^:]*|statement): ([\s\S]*)$/.exec(entry) ?? [];
    const statement = text?.replace(/\s+/g, ' ').trim();
    return transaction && statement && !NOT_COUNTED.some((one) => one.test(statement)) ? [{ transaction, text: statement }] : [];
  });
}

it(`asks at most ${MOST_STATEMENTS} statements in at most ${MOST_TRANSACTIONS} transactions`, { timeout: 300_000 }, async () => {
  const login = await target.createLogin('counted');
  const { context, projectId } = await adopt({ target: target.target, login, rotator: await target.createRotator('counting', login) });
  const headers = await keyHeaders(context.organizationId);
  // The first ones open connections, and read what a process keeps.
  for (let n = 0; n < 2; n++) await rotate(projectId, headers);
  await superuser.query(`ALTER SYSTEM SET log_line_prefix = '${MARK}%v '`);
  await superuser.query(`ALTER SYSTEM SET log_statement = 'all'`);
  await superuser.query('SELECT pg_reload_conf()');
  const isLogged = async () => (await reader.query<{ log_statement: string }>('SHOW log_statement')).rows[0]?.log_statement;
  await expect.poll(isLogged).toBe('all');
  const from = store.log().length;
  for (let n = 0; n < ROTATIONS; n++) await rotate(projectId, headers);
  await reader.query(`SELECT 'all of it' /* test */`);
  await expect.poll(() => store.log().slice(from)).toContain('all of it');
  const statements = readStatements(store.log().slice(from));
  const calls = new Map<string, number>();
  for (const { text } of statements) calls.set(text, (calls.get(text) ?? 0) + 1);
  const counted = [...calls].sort(([, a], [, b]) => b - a).map(([text, times]) => `${times / ROTATIONS} ${text.slice(0, 160)}`);
  expect(statements.length).toBeGreaterThan(ROTATIONS);
  expect.soft(statements.length / ROTATIONS, counted.join('\n')).toBeLessThanOrEqual(MOST_STATEMENTS);
  expect(new Set(statements.map(({ transaction }) => transaction)).size / ROTATIONS, counted.join('\n')).toBeLessThanOrEqual(MOST_TRANSACTIONS);
});
