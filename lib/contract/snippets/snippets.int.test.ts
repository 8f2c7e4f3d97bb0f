// Snippets as they are pasted, run by the driver they are for, against servers with a certificate that signs itself.
// Go and Laravel are read by the rules of their formats alone: see snippets.test.ts.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultVariables } from '#lib/integrations/config.ts';
import { nodeUrl } from '#lib/logins/node-url.ts';
import { root, runPrisma } from '#scripts/run-tool.ts';
import { type MariadbTarget, startMariadbTarget } from '#scripts/servers/mariadb-target.ts';
import { startTarget, type TestTarget } from '#scripts/servers/test-target.ts';
import { type Driver, type Pasted, runSnippets } from '#scripts/testing/drivers/run.ts';
import { makeCertificate } from '#scripts/testing/make-certificate.ts';
import { type ConnectionParts, connectionUrl } from './connection-url.ts';
import { type Framework, snippetText, writeSnippet } from './snippets.ts';

const USER = `o'b "r$HOME?#%41 é漢`;
const PASSWORD = `p$HOME\`id\`'"?#%41&;=\\x/@: é漢<%= 1 %>#{1}`;
const DATABASE = 'sh$op?#%41;x';

/** Each driver that runs a snippet, and where it finds the server: mysql2, mariadb and postgres.js cannot verify an IP address, PDO takes localhost for a socket. */
const RUN: [Framework, ConnectionParts['engine'], Driver, host: string][] = [
  ['psql', 'postgresql', 'psql', '127.0.0.1'],
  ['env', 'postgresql', 'psycopg', '127.0.0.1'],
  ['env', 'postgresql', 'psycopg2', '127.0.0.1'],
  ['node-postgres', 'postgresql', 'node-postgres', '127.0.0.1'],
  ['postgres-js', 'postgresql', 'postgres-js', 'localhost'],
  ['prisma', 'postgresql', 'prisma', '127.0.0.1'],
  ['drizzle', 'postgresql', 'drizzle', '127.0.0.1'],
  ['django', 'postgresql', 'django', '127.0.0.1'],
  ['rails', 'postgresql', 'rails', '127.0.0.1'],
  ['sqlalchemy', 'postgresql', 'sqlalchemy', '127.0.0.1'],
  ['jdbc', 'postgresql', 'jdbc', '127.0.0.1'],
  ['mysql', 'mysql', 'mysql', '127.0.0.1'],
  ['mysql2', 'mysql', 'mysql2', 'localhost'],
  ['prisma', 'mysql', 'prisma', 'localhost'],
  ['pdo', 'mysql', 'pdo', '127.0.0.1'],
  ['wp-config', 'mysql', 'wp-config', '127.0.0.1'],
  ['django', 'mysql', 'django', '127.0.0.1'],
  ['rails', 'mysql', 'rails', '127.0.0.1'],
  ['sqlalchemy', 'mysql', 'sqlalchemy', '127.0.0.1'],
  ['jdbc', 'mysql', 'jdbc', '127.0.0.1'],
];

/** Which CA the drivers are given: the server's, one that has signed nothing here, or none. */
const CAS = ['none', 'own', 'other'] as const;
type Ca = (typeof CAS)[number];
const CASES: [sslMode: ConnectionParts['sslMode'], Ca][] = [
  ['disable', 'none'],
  ['require', 'none'],
  ['verify-full', 'own'],
  ['verify-full', 'other'],
];

let postgresql: TestTarget;
let mysql: MariadbTarget;
let folder: string;
const answers = new Map<string, unknown>();
const keyOf = (...of: unknown[]) => JSON.stringify(of);

beforeAll(async () => {
  const certificate = makeCertificate('127.0.0.1', 'localhost');
  folder = mkdtempSync(join(tmpdir(), 'rekey-snippets-'));
  for (const ca of CAS) mkdirSync(join(folder, ca));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'own', 'ca.pem'), certificate.certPem);
  writeFileSync(join(folder, 'other', 'ca.pem'), makeCertificate('127.0.0.1', 'localhost').certPem);
  [postgresql, mysql] = await Promise.all([startTarget({ certificate }), startMariadbTarget({ certificate })]);
  await postgresql.createLogin(USER, { password: PASSWORD });
  await postgresql.sql(`CREATE DATABASE "${DATABASE}"`);
  await mysql.createLogin(USER, { password: PASSWORD });
  await mysql.sql(`CREATE DATABASE \`${DATABASE}\``);
  await mysql.sql(`GRANT ALL ON \`${DATABASE.replace('%', '\\%')}\`.* TO ?@'%'`, [USER]);
  const clients = await generateClients();

  await Promise.all(
    CAS.map(async (ca) => {
      const pasted = RUN.flatMap(([framework, engine, driver, host]) =>
        CASES.filter(([, one]) => one === ca).map(([sslMode]) => {
          const snippet = snippetText(writeSnippet(framework, { direct: { ...parts(engine, sslMode), host }, pooled: null }, 'direct'));
          const one: Pasted = { driver, engine, snippet, client: clients[engine] };
          return [keyOf(driver, engine, sslMode, ca), one] as const;
        }),
      );
      const said = await runSnippets(
        pasted.map(([, one]) => one),
        around(ca),
      );
      for (const [index, [key]] of pasted.entries()) answers.set(key, said[index]);
    }),
  );
});
afterAll(async () => {
  await Promise.all([postgresql?.stop(), mysql?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A Prisma client for each engine, as `prisma generate` writes it. */
async function generateClients(): Promise<Record<ConnectionParts['engine'], string>> {
  const clientOf = async (engine: ConnectionParts['engine']) => {
    const schema = join(folder, `${engine}.prisma`);
    const output = join(folder, `client-${engine}`);
    writeFileSync(
      schema,
      `generator client {\n provider = "prisma-client"\n output = "${output}"\n moduleFormat = "esm"\n importFileExtension = "ts"\n}\ndatasource db {\n provider = "${engine}"\n}\nmodel Note {\n id Int @id\n}\n`,
    );
    await runPrisma(['generate', '--schema', schema]);
    return join(output, 'client.ts');
  };
  return { postgresql: await clientOf('postgresql'), mysql: await clientOf('mysql') };
}

const around = (ca: Ca) => ({ folder: join(folder, ca), caFile: ca === 'none' ? null : join(folder, ca, 'ca.pem') });

function parts(engine: ConnectionParts['engine'], sslMode: ConnectionParts['sslMode']): ConnectionParts {
  const { host, port } = (engine === 'mysql' ? mysql : postgresql).target.direct;
  return { engine, host, port, user: USER, password: PASSWORD, database: DATABASE, sslMode };
}

describe.each(RUN)('%s for %s, run by %s', (_, engine, driver) => {
  const answered = (sslMode: ConnectionParts['sslMode'], ca: Ca = 'none') => answers.get(keyOf(driver, engine, sslMode, ca));
  test('connects with awkward names and password, without TLS', () => {
    expect(answered('disable')).toEqual([USER, DATABASE, false]);
  });
  test('require encrypts with any certificate', () => {
    expect(answered('require')).toEqual([USER, DATABASE, true]);
  });
  test('verify-full takes a server of the given CA', () => {
    expect(answered('verify-full', 'own')).toEqual([USER, DATABASE, true]);
  });
  test('verify-full refuses a server of another CA', () => {
    expect(answered('verify-full', 'other')).toEqual({ error: expect.stringMatching(/certificat|certpath|verif|pool timeout/i) });
  });
});

describe('a URL for the drivers of Node', () => {
  const ask = (sslModes: ConnectionParts['sslMode'][], ca: Ca) => {
    const pasted = sslModes.flatMap((sslMode): Pasted[] => {
      const of = (engine: ConnectionParts['engine'], change: Partial<ConnectionParts>) =>
        JSON.stringify(nodeUrl(engine, connectionUrl({ ...parts(engine, sslMode), ...change })));
      return [
        // node-postgres leaves some characters in the name of a database encoded.
        {
          driver: 'node-postgres',
          engine: 'postgresql',
          snippet: `import pg from 'pg';\nconst pool = new pg.Pool({ connectionString: ${of('postgresql', { database: 'postgres' })} });`,
        },
        {
          driver: 'mysql2',
          engine: 'mysql',
          snippet: `import mysql from 'mysql2/promise';\nconst pool = mysql.createPool(${of('mysql', { host: 'localhost' })});`,
        },
      ];
    });
    return runSnippets(pasted, around(ca));
  };
  const REFUSED = { error: expect.stringMatching(/certificate|self-signed/i) };

  test('connects with disable and require, and refuses a server of no known CA', async () => {
    expect(await ask(['disable', 'require', 'verify-ca', 'verify-full'], 'none')).toEqual([
      ...[false, true].flatMap((isEncrypted) => [
        [USER, 'postgres', isEncrypted],
        [USER, DATABASE, isEncrypted],
      ]),
      ...[REFUSED, REFUSED, REFUSED, REFUSED],
    ]);
  });
  test('never connects in clear text by what is written where nothing was chosen', async () => {
    const written = nodeUrl('mysql', connectionUrl({ ...parts('mysql', 'require'), host: 'localhost' }));
    const plain = connectionUrl({ ...parts('mysql', 'require'), host: 'localhost' });
    const ask = (url: string): Pasted => ({
      driver: 'mysql2',
      engine: 'mysql',
      snippet: `import mysql from 'mysql2/promise';\nconst pool = mysql.createPool(${JSON.stringify(url)});`,
    });
    // The plain URL is what it must not be.
    expect(await runSnippets([ask(written), ask(plain)], around('none'))).toEqual([
      [USER, DATABASE, true],
      [USER, DATABASE, false],
    ]);
    expect(defaultVariables('mysql').map(({ value }) => value)).toEqual(['pooled_node_url', 'direct_node_url']);
  });
  test('must be the plain one for postgres.js, which refuses the one for node-postgres', async () => {
    // postgres.js too leaves the name of a database encoded.
    const database = 'postgres';
    const plain = (sslMode: ConnectionParts['sslMode']) => connectionUrl({ ...parts('postgresql', sslMode), host: 'localhost', database });
    const ask = (urls: string[], ca: Ca) =>
      runSnippets(
        urls.map((url) => ({
          driver: 'postgres-js',
          engine: 'postgresql',
          snippet: `import postgres from 'postgres';\nconst sql = postgres(${JSON.stringify(url)});`,
        })),
        around(ca),
      );
    expect(await ask([plain('disable'), plain('require'), plain('verify-ca'), plain('verify-full'), nodeUrl('postgresql', plain('require'))], 'none')).toEqual([
      [USER, database, false],
      [USER, database, true],
      REFUSED,
      REFUSED,
      { error: expect.stringContaining('uselibpqcompat') },
    ]);
    expect(await ask([plain('verify-ca'), plain('verify-full')], 'own')).toEqual([
      [USER, database, true],
      [USER, database, true],
    ]);
  });
  test('takes a server of the given CA', async () => {
    const both = [
      [USER, 'postgres', true],
      [USER, DATABASE, true],
    ];
    expect(await ask(['verify-ca', 'verify-full'], 'own')).toEqual([...both, ...both]);
  });
});
