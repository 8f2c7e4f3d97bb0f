// 10,000 rows with every kind of fault, while the worker is killed ten times: each valid row lands once, and each other one is named by its line.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Login } from '#lib/engines/engine.ts';
import { type Context, systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { freePort } from '#scripts/servers/free-port.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';
import { until } from '#scripts/torture/until.ts';
import { getImport } from './get-import.ts';
import { startImport } from './start-import.ts';

const ROWS = 10_000;
const VALID = 120;
const KILLS = 10;
/** Trials of a worker until it dies: with fewer it would not get anywhere. */
const TRIALS = 9;

let server: TestTarget;
let context: Context;
beforeAll(async () => {
  server = await startTarget();
  context = systemContext(await makeOrganization());
}, 120_000);
afterAll(() => server.stop());

/** What is wrong with a row, by the reason that must be given; null: nothing. */
interface Planned {
  cells: string;
  reason: string | null;
}

/** Faults that are found by reading the row alone. */
const unreadable = (n: number): Planned[] => {
  const url = (user: string) => `postgresql://${user}:secret-${n}@db${n % 7}.example.com:5432/shop`;
  return [
    { cells: `p${n},oracle://app:secret-${n}@db/shop,`, reason: 'begins with postgresql:// or mysql://' },
    { cells: `p${n},postgresql://app:secret-${n}@db,`, reason: 'Add the name of the database' },
    { cells: `p${n},postgresql://app@db/shop,`, reason: 'Add the password' },
    { cells: `,${url(`u${n}`)},`, reason: 'Give the project a name.' },
    { cells: `=cmd|${n},${url(`u${n}`)},`, reason: 'formula' },
    { cells: `p${n},${url(`u${n}`)},Team`, reason: 'Write tags as' },
    { cells: `p${n},${url(`u${n}`)},,,,`, reason: 'the header has 3' },
    { cells: `"p${n},${url(`u${n}`)},`, reason: 'The quotes do not match' },
    { cells: `${url(`u${n}`)},p${n},`, reason: 'This is a URL' },
  ];
};

/** One after the other: each takes a connection of the server. */
async function makeLogins(name: string, count: number): Promise<Login[]> {
  const logins: Login[] = [];
  for (let n = 0; n < count; n++) logins.push(await server.createLogin(`${name}_${n}`));
  return logins;
}

it('each valid row lands once, and each other row says why', { timeout: 600_000 }, async () => {
  const dead = await freePort();
  const logins = await makeLogins('valid', VALID);
  const rejected = await makeLogins('rejected', 20);
  const planned: Planned[] = [
    ...logins.map((login, n) => ({ cells: `valid ${n},${server.urlOf(login)},team=t${n}`, reason: null })),
    ...logins.slice(0, 30).map((login) => ({ cells: `twice,${server.urlOf(login)},`, reason: 'Same server and login as line' })),
    ...rejected.map((login) => ({
      cells: `rejected,${server.urlOf(login).replace(/:[^:@/]+@/, ':another@')},`,
      reason: 'The server rejected this user and password',
    })),
    ...Array.from({ length: 200 }, (_, n) => ({ cells: `dead,postgresql://app${n}:p@127.0.0.1:${dead}/d,`, reason: 'The server does not answer' })),
  ];
  for (let n = 0; planned.length < ROWS; n++) planned.push(...unreadable(n).slice(0, ROWS - planned.length));
  const { id, counts } = await startImport(context, { format: 'csv', content: ['name,url,tags', ...planned.map(({ cells }) => cells)].join('\n') });
  expect(counts).toMatchObject({ pending: VALID + 20 + 200, failed: ROWS - VALID - 20 - 200 });

  const settings = { REKEY_BACKOFF_MS: '50' };
  for (let kill = 0; kill < KILLS; kill++) {
    const worker = runWorker({ ...settings, REKEY_FAILPOINTS: `import.tried:${TRIALS}` });
    expect(await worker.exited, worker.output()).toBeNull();
  }
  expect(await getImport(context, id)).toMatchObject({ state: 'running' });
  const worker = runWorker(settings);
  await until('the import to end', async () => (await getImport(context, id)).state === 'completed', { timeoutMs: 300_000, everyMs: 250 });
  await worker.stop();

  const rows = await db.importRow.findMany({ where: { importId: id }, orderBy: { line: 'asc' } });
  expect(rows.map(({ line }) => line)).toEqual(planned.map((_, index) => index + 2));
  const wrongly = rows.flatMap(({ line, state, reasons, sealed }, index) => {
    const reason = planned[index]?.reason ?? null;
    const isRight = reason === null ? state === 'imported' : state === 'failed' && JSON.stringify(reasons).includes(reason);
    return isRight && sealed === '' ? [] : [{ line, state, reasons, reason }];
  });
  expect(wrongly).toEqual([]);
  const adopted = await db.database.findMany({
    where: { organizationId: context.organizationId },
    select: { roleName: true, projects: { select: { id: true } } },
  });
  expect(adopted.map(({ roleName, projects }) => `${roleName} ${projects.length}`).sort()).toEqual(logins.map(({ user }) => `${user} 1`).sort());
  // Each rejected login counts at the server, whatever died meanwhile.
  const failures = [...server.log().matchAll(/password authentication failed for user "(\w+)"/g)].map(([, user = '']) => user);
  for (const { user } of rejected) expect(failures.filter((one) => one === user).length).toBeLessThanOrEqual(3);
});
