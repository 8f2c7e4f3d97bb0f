import pg from 'pg';
import { generatePassword } from '#lib/crypto/password.ts';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import type { Secret } from '#lib/crypto/secret.ts';

const ITERATIONS = 4096;

export interface DemoLogins {
  app: { user: string; password: Secret };
  rotator: { user: string; password: Secret };
}

/**
 * Makes the demonstration's two logins, or gives them new passwords where they are there already: the application's,
 * which owns its database, and the rotator's, which may change the application's password and nothing else.
 */
export async function makeDemoLogins(superuserUrl: string): Promise<DemoLogins> {
  const logins = { app: { user: 'shop_app', password: generatePassword() }, rotator: { user: 'rekey_rotator', password: generatePassword() } };
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (const { user, password } of Object.values(logins)) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [user]);
      if (!rowCount) await client.query(`CREATE ROLE ${user} LOGIN`);
      await client.query(`ALTER ROLE ${user} PASSWORD ${pg.escapeLiteral(await makeScramVerifier(password, ITERATIONS))}`);
    }
    await client.query('ALTER ROLE rekey_rotator CREATEROLE');
    await client.query('GRANT shop_app TO rekey_rotator WITH ADMIN TRUE, INHERIT FALSE, SET FALSE');
    await client.query('ALTER DATABASE shop OWNER TO shop_app');
  } finally {
    await client.end();
  }
  return logins;
}
