// The rights of a rotator, as the README grants them: its literal lines, on servers where nobody has more than they must.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '#lib/crypto/secret.ts';
import type { Login } from '#lib/engines/engine.ts';
import { engineFor } from '#lib/engines/registry.ts';
import { db } from '#lib/kernel/db.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { rotatorAt, withDirect } from '#scripts/servers/place.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { adopt } from '#scripts/testing/adopt.ts';
import { rotate, storedLogin } from '#scripts/testing/drive-rotation.ts';

let mariadb: MariadbTarget;
let postgres: TestTarget;
beforeAll(async () => {
  [mariadb, postgres] = await Promise.all([startMariadbTarget(), startTarget()]);
});
afterAll(() => Promise.all([mariadb.stop(), postgres.stop()]));

const ROTATOR: Login = { user: 'rotator', password: new Secret('secret') };

/** The statements of the README's block of SQL that begins so. */
function statementsOf(begin: string): string[] {
  const readme = readFileSync('README.md', 'utf8');
  const block = [...readme.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql).find((sql) => sql.startsWith(begin));
  const statements = (block ?? '').split('\n').flatMap((line) => line.replace(/ *--.*$/, '').replace(/;$/, '') || []);
  expect(statements.length, `the README's block that begins with ${begin}`).toBeGreaterThan(1);
  return statements;
}

it.each([{}, { grace_hours: 1 }])('are enough on MariaDB, with %j', async (body) => {
  await mariadb.sql('DROP USER IF EXISTS rotator, app');
  for (const statement of statementsOf('CREATE USER')) await mariadb.sql(statement);
  const login = await mariadb.createLogin('app');
  const { target } = mariadb;
  const adopted = await adopt({ engine: 'mysql', target, login, rotator: ROTATOR });
  expect(await engineFor('mysql').inspect(target, login, rotatorAt(ROTATOR, target))).toMatchObject({
    rotatorMayChange: true,
    rotatorFailure: null,
    changeFailure: null,
  });
  expect(await rotate(adopted, body)).toMatchObject({ state: 'completed', errorCode: null });
  expect((await engineFor('mysql').probe(target, 'direct', await storedLogin(adopted))).verdict).toBe('accepted');
});

it("are enough on PostgreSQL, even if no other role may connect to the application's database", async () => {
  await postgres.sql('CREATE DATABASE orders');
  await postgres.sql('REVOKE CONNECT ON DATABASE orders FROM PUBLIC');
  const login = await postgres.createLogin('app');
  await postgres.sql('GRANT CONNECT ON DATABASE orders TO app');
  for (const statement of statementsOf('CREATE ROLE')) await postgres.sql(statement);
  const target = withDirect(postgres.target, { database: 'orders' });
  const adopted = await adopt({ target, login, rotator: ROTATOR });
  // As the rotator's own URL names it.
  await db.server.updateMany({ where: { organizationId: adopted.context.organizationId }, data: { rotatorDatabase: 'postgres' } });
  expect(await rotate(adopted)).toMatchObject({ state: 'completed', errorCode: null });
  expect((await engineFor('postgresql').probe(target, 'direct', await storedLogin(adopted))).verdict).toBe('accepted');
});
