// What a start needs to be in the database: an organization, the owner that the environment names, the demonstration.
// Reads what the launcher tells it from its standard input, answers one line of JSON.
import { json } from 'node:stream/consumers';
import pg from 'pg';
import { generatePassword } from '#lib/crypto/password.ts';
import { makeScramVerifier } from '#lib/crypto/scram.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { describeError } from '#lib/kernel/log.ts';
import { createProject } from '#lib/projects/create-project.ts';
import { closeWake } from '#lib/queue/wake.ts';
import { checkStart } from '#lib/set-up/check-start.ts';
import { initialiseFromEnv } from '#lib/set-up/initialise-from-env.ts';
import { createSetupLink, ensureOrganization } from '#lib/set-up/set-up.ts';
import { demoSiteState } from './find-demo-site.ts';
import type { Demo } from './launcher/demo.ts';
import type { FirstRunInput } from './launcher/first-run-process.ts';

const ITERATIONS = 4096;

interface DemoLogins {
  app: { user: string; password: Secret };
  rotator: { user: string; password: Secret };
}

/**
 * Makes the demonstration's two logins, or gives them new passwords where they are there already: the application's,
 * which owns its database, and the rotator's, which may change the application's password and nothing else.
 */
async function makeDemoLogins(superuserUrl: string): Promise<DemoLogins> {
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

const { demo, isDemoSiteNew } = (await json(process.stdin)) as FirstRunInput;

async function adoptDemo(organizationId: string, { superuserUrl, directPort, pooledPort }: Demo): Promise<void> {
  // A start that was cut off after this has its project: new passwords would lock it out.
  if ((await db.project.count()) > 0) return;
  const { app, rotator } = await makeDemoLogins(superuserUrl);
  const url = ({ user, password }: typeof app, port: number) => `postgresql://${user}:${password.reveal()}@127.0.0.1:${port}/shop`;
  await createProject(systemContext(organizationId, 'demonstration'), {
    name: 'shop',
    environment: 'non_production',
    connection_url: url(app, directPort),
    rotator_url: url(rotator, directPort),
    ...(pooledPort ? { pooled_connection_url: url(app, pooledPort) } : {}),
  });
}

/** A demonstration that cannot be made is no reason for Rekey not to start. */
async function tryDemo(organizationId: string, made: Demo): Promise<{ isAdopted: boolean; why: string }> {
  try {
    await adoptDemo(organizationId, made);
    return { isAdopted: true, why: '' };
  } catch (error) {
    return { isAdopted: false, why: error instanceof DomainError ? error.message : JSON.stringify(describeError(error)) };
  }
}

await checkStart();
const organization = await ensureOrganization();
await initialiseFromEnv().catch((error: unknown) => {
  if (!(error instanceof DomainError)) throw error;
  process.stderr.write(`Rekey cannot start: ${error.message}\n`);
  process.exit(1);
});
const adopted = demo?.isNew ? await tryDemo(organization.id, demo) : null;
const demoSite = isDemoSiteNew === undefined ? 'none' : await demoSiteState(isDemoSiteNew);
const setUpPath = await createSetupLink();
await closeWake();
await db.$disconnect();
console.log(JSON.stringify({ setUpPath, demo: adopted, demoSite }));
