// The floor: what changing a password and proving it costs with nothing around it.
import pg from 'pg';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login } from '#lib/engines/engine.ts';
import type { TestTarget } from '#scripts/servers/test-target.ts';

/** Logs in and out; its time in ms. */
export async function timeLogin({ urlOf }: TestTarget, login: Login): Promise<number> {
  const started = performance.now();
  const client = new pg.Client({ connectionString: urlOf(login) });
  await client.connect();
  const elapsed = performance.now() - started;
  await client.end();
  return elapsed;
}

/** One round on an open admin connection: ALTER ROLE and one verifying login. Its time in ms. */
export async function changeAndLogIn(admin: pg.Client, server: TestTarget, user: string): Promise<number> {
  const password = generatePassword();
  const started = performance.now();
  await admin.query(`ALTER ROLE ${pg.escapeIdentifier(user)} PASSWORD ${pg.escapeLiteral(password.reveal())}`);
  await timeLogin(server, { user, password });
  return performance.now() - started;
}

/** Rounds over many roles by `atOnce` workers, each with its own admin connection. Rounds a second. */
export async function loopThroughput(server: TestTarget, users: string[], atOnce: number): Promise<number> {
  const waiting = [...users];
  const admins = await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const admin = new pg.Client({ connectionString: server.superuserUrl });
      await admin.connect();
      return admin;
    }),
  );
  const started = performance.now();
  await Promise.all(
    admins.map(async (admin) => {
      for (let user = waiting.pop(); user; user = waiting.pop()) await changeAndLogIn(admin, server, user);
    }),
  );
  const elapsed = performance.now() - started;
  await Promise.all(admins.map((admin) => admin.end()));
  return (users.length / elapsed) * 1000;
}
