// The login of the web server and the workers: it may not migrate, and of the audit log it may read and add, no more.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

const ROLE = 'rekey_app';

async function asOwner(ownerUrl: string, run: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await run(client);
  } finally {
    await client.end();
  }
}

/** Gives the role what the application needs, after each migration. Throws where the owner may not. */
export async function grantApplication(ownerUrl: string, role: string): Promise<void> {
  try {
    await asOwner(ownerUrl, (client) => client.query('SELECT rekey_grant_application($1)', [role]));
  } catch (error) {
    throw new Error(
      `The owner at REKEY_MIGRATE_DATABASE_URL could not give the role "${role}" of DATABASE_URL its rights (${(error as Error).message}). Make the role, and "GRANT ${role} TO" the owner.`,
      { cause: error },
    );
  }
}

/** Makes the application's role on the embedded server, with another password at each start, so none has to be kept. Answers its URL. */
export async function makeApplicationRole(ownerUrl: string): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  await asOwner(ownerUrl, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [ROLE]);
    await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${ROLE} LOGIN NOSUPERUSER PASSWORD ${pg.escapeLiteral(password)}`);
  });
  await grantApplication(ownerUrl, ROLE);
  return Object.assign(new URL(ownerUrl), { username: ROLE, password }).href;
}
