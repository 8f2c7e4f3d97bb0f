// Makes the demonstration site in the store: a development database with a wp-config.php, and one environment. Their ids
// are those of the documented reset calls, so that these work word for word.
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import type { Login } from '#lib/engines/engine.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { describeError } from '#lib/kernel/log.ts';
import { closeWake } from '#lib/queue/wake.ts';
import { ensureOrganization } from '#lib/set-up/set-up.ts';
import { createEnvironment } from '#lib/sites/environments.ts';
import { createSite, deleteSite } from '#lib/sites/sites.ts';
import { DEMO_SITE, findDemoSite } from './find-demo-site.ts';
import type { DemoSiteServer } from './launcher/demo-site.ts';
import { MARIADB_ADMIN } from './servers/mariadb.ts';
import { writeWhole } from './servers/whole-file.ts';

/** A login for each database, and one that may change their passwords; each has a new password where it is there already. */
async function makeLogins({ port, adminPassword }: DemoSiteServer): Promise<{ development: Login; production: Login; rotator: Login }> {
  const logins = {
    development: { user: 'blog_dev', password: generatePassword() },
    production: { user: 'blog_production', password: generatePassword() },
    rotator: { user: 'rekey_rotator', password: generatePassword() },
  };
  const admin = await createConnection({ host: '127.0.0.1', port, user: MARIADB_ADMIN, password: adminPassword });
  try {
    for (const { user, password } of Object.values(logins))
      await admin.query('CREATE OR REPLACE USER ?@? IDENTIFIED VIA mysql_native_password USING ?', [user, '%', makeNativeHash(password)]);
    for (const { user } of [logins.development, logins.production]) {
      await admin.query('CREATE DATABASE IF NOT EXISTS ??', [user]);
      await admin.query('GRANT ALL ON ??.* TO ?@?', [user, user, '%']);
    }
    await admin.query('GRANT CREATE USER, PROCESS, CONNECTION ADMIN ON *.* TO ?@?', [logins.rotator.user, '%']);
    await admin.query('GRANT SELECT ON mysql.global_priv TO ?@?', [logins.rotator.user, '%']);
  } finally {
    await admin.end();
  }
  return logins;
}

/** As WordPress writes it. Nothing in a generated password needs quoting there. */
const wpConfig = ({ user, password }: Login, port: number): string => `<?php
// Of Rekey's demonstration site. A reset of the development password writes the new one here.
define( 'DB_NAME', '${user}' );
define( 'DB_USER', '${user}' );
define( 'DB_PASSWORD', '${password.reveal()}' );
define( 'DB_HOST', '127.0.0.1:${port}' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );

$table_prefix = 'wp_';

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;

async function makeSite(organizationId: string, server: DemoSiteServer): Promise<void> {
  const context = systemContext(organizationId, 'demonstration');
  const { port, configPath } = server;
  // Of a start that was cut off in between: its logins are about to be given new passwords.
  if (await findDemoSite()) await deleteSite(context, DEMO_SITE.id);
  const { development, production, rotator } = await makeLogins(server);
  const urlOf = ({ user, password }: Login, database: string) => `mysql://${user}:${password.reveal()}@127.0.0.1:${port}/${database}`;
  const databaseOf = (login: Login) => ({ connection_url: urlOf(login, login.user), rotator_url: urlOf(rotator, login.user) });
  writeWhole(configPath, wpConfig(development, port));
  await createSite(context, {
    id: DEMO_SITE.id,
    partner_customer_id: DEMO_SITE.customer,
    dev_domain: 'blog.example.com',
    dev_php_version: '8.3',
    database: databaseOf(development),
    wp_config_path: configPath,
  });
  await createEnvironment(context, DEMO_SITE.id, {
    id: DEMO_SITE.environmentId,
    name: 'production',
    is_production: true,
    php_version: '8.3',
    custom_domain: 'www.blog.example.com',
    database: databaseOf(production),
  });
}

const LOGIN = { select: { database: { select: { state: true, lastError: true } } } } as const;
/** As long as a connection check may take. */
const PROOF_MS = 120_000;

/** A reset is refused until a worker has proven the login. */
async function waitUntilProven(): Promise<void> {
  for (const end = performance.now() + PROOF_MS; ; await delay(100)) {
    const { project, environments } = await db.site.findFirstOrThrow({
      where: { externalId: DEMO_SITE.id, partnerCustomerId: DEMO_SITE.customer },
      select: { project: LOGIN, environments: { select: { project: LOGIN } } },
    });
    const logins = [project, ...environments.map((one) => one.project)].flatMap((one) => one?.database ?? []);
    if (logins.every(({ state }) => state === 'ready')) return;
    const why = logins.find(({ lastError }) => lastError !== null)?.lastError;
    if (performance.now() > end) throw new DomainError('unavailable', why ?? 'No worker has proven its logins yet.');
  }
}

try {
  const server = (await json(process.stdin)) as DemoSiteServer;
  await makeSite((await ensureOrganization()).id, server);
  await waitUntilProven();
} catch (error) {
  process.stderr.write(error instanceof DomainError ? error.message : JSON.stringify(describeError(error)));
  process.exitCode = 1;
}
await closeWake();
await db.$disconnect();
