// No setting of a session, a server or an account of MariaDB changes how a rotation ends. SETTINGS_RUNS and SETTINGS_SEED choose how many combinations, and which.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { mysql } from '#lib/engines/mysql.ts';
import { db } from '#lib/kernel/db.ts';
import { ACCOUNT_SETTINGS, GLOBAL_SETTINGS, SESSION_SETTINGS, STARTED_WITH } from '#scripts/lab/settings/mysql-settings.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

const RUNS = Number(process.env.SETTINGS_RUNS ?? 12);
const SEED = Number(process.env.SETTINGS_SEED ?? 20_261_130);
const PLACES = { session: SESSION_SETTINGS, global: GLOBAL_SETTINGS, account: ACCOUNT_SETTINGS } as const;
type Place = keyof typeof PLACES;
interface Setting {
  place: Place;
  name: string;
  value: string;
}
const ALL = Object.entries(PLACES).flatMap(([place, settings]) =>
  Object.entries(settings).flatMap(([name, values]) => values.map((value): Setting => ({ place: place as Place, name, value }))),
);
const NAMES = new Set(ALL.map(({ name }) => name));

let servers: MariadbTarget[];
beforeAll(async () => {
  servers = await Promise.all(STARTED_WITH.map((settings) => startMariadbTarget({ settings })));
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));

const reset: (() => Promise<unknown>)[] = [];
afterEach(() => restore());
const restore = async () => {
  for (const undo of reset.splice(0)) await undo();
};

const combination = fc.record({
  on: fc.nat(STARTED_WITH.length - 1),
  by: fc.constantFrom('rotator', 'least', 'account'),
  closeSessions: fc.boolean(),
  settings: fc.uniqueArray(fc.constantFrom(...ALL), { minLength: 3, maxLength: 9, selector: ({ place, name }) => `${place} ${name}` }),
});
type Combination = typeof combination extends fc.Arbitrary<infer One> ? One : never;

let count = 0;

/** A rotator with what the README grants, and no more: init_connect holds for it too. */
async function createLeast(server: MariadbTarget, name: string) {
  const login = await server.createLogin(name);
  await server.sql("REVOKE ALL ON shop.* FROM ?@'%'", [name]);
  await server.sql("GRANT CREATE USER ON *.* TO ?@'%'", [name]);
  await server.sql("GRANT SELECT ON mysql.global_priv TO ?@'%'", [name]);
  return login;
}

async function play({ on, by, closeSessions, settings }: Combination): Promise<void> {
  const server = servers[on] as MariadbTarget;
  count += 1;
  // Under secure_timestamp such an init_connect fails, and nobody logs in.
  const maySetTime = !('secure-timestamp' in (STARTED_WITH[on] ?? {}));
  const of = (place: Place) => settings.filter((one) => one.place === place && (maySetTime || one.name !== 'timestamp'));
  const options = of('account').map(({ name, value }) => `${name} ${value}`);
  const app = await server.createLogin(`app_${count}`, { options: options.length > 0 ? `WITH ${options.join(' ')}` : '' });
  const rotator = by === 'account' ? undefined : await (by === 'least' ? createLeast(server, `rot_${count}`) : server.createRotator(`rot_${count}`));
  const admin = await server.connect(server.admin);
  const set = async (name: string, value: string) => {
    const [[before]] = (await admin.query(`SELECT @@GLOBAL.${name} AS value`)) as unknown as [{ value: unknown }[]];
    reset.unshift(() => admin.query(`SET GLOBAL ${name} = ?`, [before?.value]));
    await admin.query(`SET GLOBAL ${name} = ${value}`);
  };
  reset.push(() => admin.end());
  await set(
    'init_connect',
    `'${of('session')
      .map(({ name, value }) => `SET SESSION ${name} = ${value.replaceAll("'", "''")}`)
      .join('; ')}'`,
  );
  for (const { name, value } of of('global')) await set(name, value);
  const what = JSON.stringify({ on: STARTED_WITH[on], by, closeSessions, settings });
  const adopted = await adopt({ engine: 'mysql', target: server.target, login: app, ...(rotator && { rotator }) });
  const rotation = await rotate(adopted, { close_sessions: closeSessions });
  await restore();
  expect(rotation, what).toMatchObject({ state: 'completed', changedAt: expect.any(Date), database: { state: 'ready', lastError: null } });
  expect(Math.abs(Date.now() - Number(rotation.changedAt)), what).toBeLessThan(60_000);
  expect(await db.job.count({ where: { projectId: adopted.projectId, state: 'completed' } })).toBe(1);
  const verdicts = await Promise.all([await storedLogin(adopted), app].map(async (login) => (await mysql.probe(server.target, 'direct', login)).verdict));
  expect(verdicts, what).toEqual(['accepted', 'refused']);
}

it(`completes under ${RUNS} random combinations of ${NAMES.size} settings`, { timeout: Math.max(60_000, RUNS * 10_000) }, async () => {
  await fc.assert(fc.asyncProperty(combination, play), { numRuns: RUNS, seed: SEED, endOnFailure: RUNS > 50 });
});

it.each([...NAMES])('completes where session, server and account have %s', { timeout: 180_000 }, async (name) => {
  for (const one of ALL.filter((setting) => setting.name === name))
    for (const by of ['least', 'account'] as const) await play({ on: 0, by, closeSessions: true, settings: [one] });
});
