// No setting of a role, a database or a rotator changes how a rotation ends. SETTINGS_RUNS and SETTINGS_SEED choose how many combinations, and which.
import fc from 'fast-check';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Login, Target } from '#lib/engines/engine.ts';
import { postgres } from '#lib/engines/postgres.ts';
import { db } from '#lib/kernel/db.ts';
import { SUPERUSER_SETTINGS, USER_SETTINGS } from '#scripts/lab/settings/postgres-settings.ts';
import { withDirect } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

const RUNS = Number(process.env.SETTINGS_RUNS ?? 12);
const SEED = Number(process.env.SETTINGS_SEED ?? 20_261_130);
const ALL = { ...USER_SETTINGS, ...SUPERUSER_SETTINGS };

/** Of the same names as what Rekey asks for: whoever finds these first fails. */
const SHADOWS = `
  CREATE SCHEMA shadow; GRANT USAGE ON SCHEMA shadow TO PUBLIC;
  CREATE FUNCTION shadow.wrong() RETURNS bool LANGUAGE plpgsql AS $$BEGIN RAISE 'found the shadow'; END$$;
  ${[
    'clock_timestamp() RETURNS timestamptz',
    'pg_backend_pid() RETURNS int',
    'pg_is_in_recovery() RETURNS bool',
    'current_setting(text) RETURNS text',
    'current_setting(text, bool) RETURNS text',
    'set_config(text, text, bool) RETURNS text',
    'hashtextextended(text, int8) RETURNS int8',
    'pg_advisory_xact_lock(int8) RETURNS void',
    'pg_current_xact_id() RETURNS xid8',
    'pg_terminate_backend(int, int8) RETURNS bool',
    'pg_terminate_backend(int) RETURNS bool',
    'starts_with(text, text) RETURNS bool',
    'to_timestamp(float8) RETURNS timestamptz',
  ]
    .map((signature) => `CREATE FUNCTION shadow.${signature} LANGUAGE plpgsql AS $$BEGIN RAISE 'found the shadow'; END$$;`)
    .join('\n')}
  CREATE FUNCTION shadow.never(name, name) RETURNS bool LANGUAGE sql AS 'SELECT false';
  CREATE OPERATOR shadow.= (LEFTARG = name, RIGHTARG = name, FUNCTION = shadow.never);
  CREATE FUNCTION shadow.never(timestamptz, timestamptz) RETURNS bool LANGUAGE sql AS 'SELECT false';
  CREATE OPERATOR shadow.< (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = shadow.never);
  CREATE VIEW shadow.pg_stat_activity AS SELECT 1 AS nothing;
  CREATE VIEW shadow.pg_roles AS SELECT 1 AS nothing;`;

let server: TestTarget;
let target: Target;
beforeAll(async () => {
  server = await startTarget();
  // A database of its own: the settings are not the superuser's.
  await server.sql('CREATE DATABASE shop');
  await server.sql('CREATE ROLE face');
  const shop = new Client({ connectionString: server.superuserUrl.replace(/\/postgres$/, '/shop') });
  await shop.connect();
  await shop.query(SHADOWS);
  await shop.end();
  target = withDirect(server.target, { database: 'shop' });
});
afterAll(() => server.stop());

const PLACES = ['role', 'role in database', 'database', 'rotator', 'rotator in database'] as const;
type Setting = { place: (typeof PLACES)[number]; name: string; value: string };

const setting: fc.Arbitrary<Setting> = fc
  .constantFrom(...Object.keys(ALL))
  .chain((name) => fc.record({ place: fc.constantFrom(...PLACES), name: fc.constant(name), value: fc.constantFrom(...(ALL[name] ?? [])) }));
const combination = fc.record({
  hasRotator: fc.boolean(),
  closeSessions: fc.boolean(),
  settings: fc.uniqueArray(setting, { minLength: 3, maxLength: 9, selector: ({ place, name }) => `${place} ${name}` }),
});

let count = 0;

/** The statement that makes a setting; null where nobody is there to have it. */
function statement({ place, name, value }: Setting, app: Login, rotator: Login | null): string | null {
  const on = place.startsWith('rotator') ? rotator : app;
  if (!on) return null;
  // A list is given as names, not as one text.
  const given = name === 'search_path' ? value.split(', ').map(escapeLiteral).join(', ') : escapeLiteral(value);
  const subject = place === 'database' ? 'DATABASE shop' : `ROLE ${escapeIdentifier(on.user)}${place.includes('in database') ? ' IN DATABASE shop' : ''}`;
  return `ALTER ${subject} SET ${name} = ${given}`;
}

async function play({ hasRotator, closeSessions, settings }: { hasRotator: boolean; closeSessions: boolean; settings: Setting[] }): Promise<void> {
  count += 1;
  const app = await server.createLogin(`app_${count}`);
  const rotator = hasRotator ? await server.createRotator(`rotator_${count}`, app) : undefined;
  await server.sql(`GRANT face TO ${app.user} ${rotator ? `, ${rotator.user}` : ''}`);
  await server.sql('ALTER DATABASE shop RESET ALL');
  const made = settings.flatMap((one) => statement(one, app, rotator ?? null) ?? []);
  await server.sql(made.join('; '));
  const adopted = await adopt({ target, login: app, ...(rotator && { rotator }) });
  const rotation = await rotate(adopted, { close_sessions: closeSessions });
  expect(rotation, made.join('\n')).toMatchObject({ state: 'completed', changedAt: expect.any(Date), database: { state: 'ready', lastError: null } });
  expect(Math.abs(Date.now() - Number(rotation.changedAt))).toBeLessThan(60_000);
  expect(await db.job.count({ where: { projectId: adopted.projectId, state: 'completed' } })).toBe(1);
  const stored = await storedLogin(adopted);
  const [now, before] = await Promise.all([stored, app].map(async (login) => (await postgres.probe(target, 'direct', login)).verdict));
  expect([now, before], made.join('\n')).toEqual(['accepted', 'refused']);
  await server.sql(`DROP ROLE ${[app, ...(rotator ? [rotator] : [])].map(({ user }) => user).join(', ')}`);
}

it(`completes under ${RUNS} random combinations of ${Object.keys(ALL).length} settings`, { timeout: Math.max(60_000, RUNS * 10_000) }, async () => {
  await fc.assert(fc.asyncProperty(combination, play), { numRuns: RUNS, seed: SEED, endOnFailure: RUNS > 50 });
});

it.each(['German', 'SQL, DMY', 'Postgres, DMY'])('completes where the role has DateStyle %s', async (value) => {
  await play({ hasRotator: false, closeSessions: true, settings: [{ place: 'role', name: 'DateStyle', value }] });
});

it.each(Object.keys(ALL))('completes where role, database and rotator have %s', { timeout: 180_000 }, async (name) => {
  for (const value of ALL[name] ?? [])
    for (const hasRotator of [true, false]) await play({ hasRotator, closeSessions: true, settings: PLACES.map((place) => ({ place, name, value })) });
});
