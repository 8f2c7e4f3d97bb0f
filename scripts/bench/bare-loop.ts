// The floor: what changing a password and proving it costs with nothing around it.
import pg from 'pg';
import { generatePassword } from '#lib/crypto/password.ts';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import type { Login } from '#lib/engines/engine.ts';
import type { TestTarget } from '#scripts/servers/test-target.ts';

const logIn = async ({ urlOf }: TestTarget, login: Login): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: urlOf(login) });
  await client.connect();
  return client;
};

/** Logs in and out; its time in ms. */
export async function timeLogin(server: TestTarget, login: Login): Promise<number> {
  const started = performance.now();
  const client = await logIn(server, login);
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

/** Throws where the server accepts it. */
async function expectRefusal(server: TestTarget, login: Login): Promise<void> {
  const accepted = await logIn(server, login).catch(() => null);
  await accepted?.end();
  if (accepted) throw new Error('a password that should be refused was accepted');
}

/**
 * One round with the logins that a proof takes and nothing else, no store, no HTTP: the present password in and a random one
 * refused, the rotator in, the verifier sent, the new password in, the old one refused. Its time in ms, and the login of now.
 */
export async function changeAndProve(server: TestTarget, login: Login): Promise<{ ms: number; now: Login }> {
  const password = generatePassword();
  const now = { user: login.user, password };
  const started = performance.now();
  const [present, rotator] = await Promise.all([
    logIn(server, login),
    logIn(server, server.superuser),
    expectRefusal(server, { user: login.user, password: generatePassword() }),
  ]);
  const verifier = await makeScramVerifier(password, 4096);
  await rotator.query(`ALTER ROLE ${pg.escapeIdentifier(login.user)} PASSWORD ${pg.escapeLiteral(verifier)}`);
  const proven = await logIn(server, now);
  await expectRefusal(server, login);
  const ms = performance.now() - started;
  await Promise.all([present.end(), rotator.end(), proven.end()]);
  return { ms, now };
}

/** Rounds over many by `atOnce` workers, each with its own admin connection. Rounds a second. */
export async function loopThroughput<T>(server: TestTarget, of: T[], atOnce: number, round: (admin: pg.Client, one: T) => Promise<unknown>): Promise<number> {
  const waiting = [...of];
  const admins = await Promise.all(Array.from({ length: atOnce }, () => logIn(server, server.superuser)));
  const started = performance.now();
  await Promise.all(
    admins.map(async (admin) => {
      for (let one = waiting.pop(); one; one = waiting.pop()) await round(admin, one);
    }),
  );
  const elapsed = performance.now() - started;
  await Promise.all(admins.map((admin) => admin.end()));
  return (of.length / elapsed) * 1000;
}
