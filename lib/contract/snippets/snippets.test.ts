import { execFileSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConnectionParts, connectionUrl, cutAtPassword } from './connection-url.ts';
import { MASK } from './mask.ts';
import { type Framework, frameworksOf, snippetText, writeSnippet } from './snippets.ts';

const direct: ConnectionParts = {
  engine: 'postgresql',
  user: 'shop_app',
  password: 's3cret',
  host: 'pg-1.internal',
  port: 5432,
  database: 'shop',
  sslMode: 'verify-full',
};
const pooled: ConnectionParts = { ...direct, port: 6432 };
const write = (framework: Framework, change: Partial<ConnectionParts> = {}, endpoint: 'pooled' | 'direct' = 'pooled'): string =>
  snippetText(writeSnippet(framework, { direct: { ...direct, ...change }, pooled: { ...pooled, ...change } }, endpoint));

const passwordOfUrl = (url: string): string => decodeURIComponent(cutAtPassword(url)[1]);
const only = (pattern: RegExp, text: string): string => {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`nothing found in: ${text}`);
  return found;
};

/** A string of JSON that stands in a field of its own, where there is one. */
const inField = (snippet: string, pattern: RegExp): string | undefined => {
  const found = pattern.exec(snippet)?.[1];
  return found === undefined ? undefined : (JSON.parse(found) as string);
};

/** phpdotenv's rules for a value in double quotes. */
function readPhpEnv(quoted: string): string {
  const inside = quoted.slice(1, -1);
  if (/(?<!\\)(?:\\\\)*[$"]/.test(inside)) throw new Error('a variable or an early end');
  return inside.replace(/\\(.)/gs, (_, next: string) => ({ n: '\n', r: '\r', t: '\t' })[next] ?? next);
}

/** PHP's rules for single quotes. */
const readPhp = (quoted: string): string => quoted.slice(1, -1).replace(/\\(['\\])/g, '$1');

const readers: Record<Framework, (snippet: string) => string> = {
  psql: (snippet) => execFileSync('/bin/sh', ['-c', `${snippet.split(' psql ')[0] ?? ''}; printf %s "$PGPASSWORD"`], { encoding: 'utf8' }),
  mysql: (snippet) => execFileSync('/bin/sh', ['-c', `${snippet.split(' mysql --protocol')[0] ?? ''}; printf %s "$MYSQL_PWD"`], { encoding: 'utf8' }),
  mysql2: (snippet) => JSON.parse(only(/ {2}password: (".*"),/, snippet)) as string,
  pdo: (snippet) => readPhp(only(/\n {4}(?:'(?:[^'\\]|\\.)*',\n {4}){2}('(?:[^'\\]|\\.)*'),\n\);$/s, snippet)),
  'wp-config': (snippet) => readPhp(only(/'DB_PASSWORD', ('(?:[^'\\]|\\.)*') \);/s, snippet)),
  env: (snippet) => passwordOfUrl(parseEnv(snippet).DATABASE_URL ?? ''),
  prisma: (snippet) => inField(snippet, / {2}password: (".*"),/) ?? passwordOfUrl(parseEnv(snippet.split('\n//')[0] ?? '').DATABASE_URL_UNPOOLED ?? ''),
  drizzle: (snippet) => passwordOfUrl(parseEnv(snippet.split('\n//')[0] ?? '').DATABASE_URL ?? ''),
  'node-postgres': (snippet) => passwordOfUrl(JSON.parse(only(/connectionString: (".*"),/, snippet)) as string),
  'postgres-js': (snippet) => JSON.parse(only(/ {2}password: (".*"),/, snippet)) as string,
  django: (snippet) => JSON.parse(only(/"PASSWORD": (".*"),/, snippet)) as string,
  rails: (snippet) => {
    if (snippet.includes('<%')) throw new Error('ERB would run this');
    return JSON.parse(only(/^ {2}password: (".*")$/m, snippet)) as string;
  },
  go: (snippet) => inField(snippet, /Passwd = (".*")/) ?? passwordOfUrl(JSON.parse(only(/\t(".*")\)/, snippet)) as string),
  jdbc: (snippet) =>
    inField(snippet, /"password", (".*")\);/) ??
    new URL((JSON.parse(only(/ {4}(".*")\);/, snippet)) as string).slice('jdbc:'.length)).searchParams.get('password') ??
    '',
  sqlalchemy: (snippet) => inField(snippet, /"password": (".*")\.encode\(\)/) ?? passwordOfUrl(JSON.parse(only(/ {4}(".*"),/, snippet)) as string),
  laravel: (snippet) => readPhpEnv(only(/DB_PASSWORD=("(?:[^"\\]|\\.)*")$/ms, snippet)),
};

// No server takes a NUL in a password, and a lone surrogate is no text.
const anyPassword = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((text) => !text.includes('\0'));
const nasty = [
  '$HOME `id` $(id)',
  `'"\\'"`,
  '<%= 1 %>',
  '#{1}',
  '%41%',
  'a b+c&d=e?f#g/h:i@j',
  '${X}',
  '\\n\\',
  'ä€😀',
  '\n\r\t',
  ' \u0085\u2028\u2029"\u2028',
];

const ALL = (['postgresql', 'mysql'] as const).flatMap((engine) => frameworksOf(engine).map((one) => ({ ...one, engine })));

describe.each(ALL)('$label on $engine', ({ id, engine }) => {
  const sslMode = engine === 'mysql' ? 'prefer' : 'verify-full';
  test('carries any password unharmed', () => {
    fc.assert(
      fc.property(anyPassword, (password) => {
        expect(readers[id](write(id, { engine, sslMode, password }))).toBe(password);
      }),
      { examples: nasty.map((text) => [text]), numRuns: id === 'psql' || id === 'mysql' ? 40 : 200 },
    );
  });

  test('shows 12 dots in place of a masked password', () => {
    const text = write(id, { engine, password: null });
    expect(text).toContain(MASK);
    expect(MASK).toHaveLength(12);
  });

  test('names the port of the chosen endpoint', () => {
    expect(write(id, { engine })).toContain('6432');
    expect(write(id, { engine }, 'direct')).not.toContain('6432');
    expect(write(id, { engine }, 'direct')).toContain('5432');
  });

  test('falls back to the direct endpoint where there is no pooler', () => {
    const text = snippetText(writeSnippet(id, { direct: { ...direct, engine }, pooled: null }, 'pooled'));
    expect(text).toContain('5432');
    expect(text).not.toMatch(/UNPOOLED|pooler/);
  });
});

test('.env is as designed', () => {
  expect(write('env', { password: null })).toBe(
    [
      '# .env: quotes keep every character as it is',
      `DATABASE_URL="postgresql://shop_app:${MASK}@pg-1.internal:6432/shop?sslmode=verify-full"`,
      `DATABASE_URL_UNPOOLED="postgresql://shop_app:${MASK}@pg-1.internal:5432/shop?sslmode=verify-full"`,
    ].join('\n'),
  );
});

test('MariaDB and MySQL are spoken to in their own words', () => {
  expect(write('env', { engine: 'mysql' }, 'direct')).toContain('DATABASE_URL="mysql://shop_app:s3cret@pg-1.internal:5432/shop?ssl-mode=VERIFY_IDENTITY"');
  for (const { id } of frameworksOf('mysql')) expect(write(id, { engine: 'mysql' })).not.toMatch(/postgres|pgsql|sslmode=/i);
});

test('SQLAlchemy uses the psycopg dialect', () => {
  expect(write('sqlalchemy')).toContain('postgresql+psycopg://shop_app:s3cret@pg-1.internal:6432/shop');
});

test('a URL brackets an IPv6 address and encodes names', () => {
  expect(connectionUrl({ ...direct, host: '2001:db8::1', user: 'a b', database: 'x/y?' })).toBe(
    'postgresql://a%20b:s3cret@[2001:db8::1]:5432/x/y%3F?sslmode=verify-full',
  );
});

test('a URL does not say prefer, which node-postgres would take for a must', () => {
  for (const framework of ['env', 'psql', 'node-postgres', 'jdbc', 'go'] as const)
    expect(write(framework, { sslMode: 'prefer' })).not.toMatch(/sslmode|[?&]['"]/);
});

test('a $ in the name of the database starts no variable in .env', () => {
  expect(write('env', { database: '$HOME' })).not.toContain('$');
});

test('a URL is cut around its password', () => {
  expect(cutAtPassword('postgresql://u:p%40ss@h:5432/d?x=1')).toEqual(['postgresql://u:', 'p%40ss', '@h:5432/d?x=1']);
  expect(() => cutAtPassword('postgresql://u@h/d')).toThrow(TypeError);
});

test.each([
  ['disable', 'ssl: false'],
  ['require', 'ssl: { rejectUnauthorized: false }'],
  ['verify-ca', 'ssl: { checkServerIdentity: () => undefined }'],
  ['verify-full', 'ssl: true'],
] as const)('node-postgres and Drizzle get %s as an option, since they read sslmode differently', (sslMode, tls) => {
  for (const framework of ['node-postgres', 'drizzle'] as const) {
    expect(write(framework, { sslMode })).toContain(tls);
    expect(write(framework, { sslMode })).not.toContain('sslmode');
  }
});

test('Prisma and Drizzle load .env themselves', () => {
  for (const framework of ['prisma', 'drizzle'] as const) expect(write(framework)).toContain("import 'dotenv/config';");
});

test('mysql2 verifies the host name with verify-full alone', () => {
  expect(write('mysql2', { engine: 'mysql', sslMode: 'verify-full' })).toContain('ssl: { verifyIdentity: true }');
  expect(write('mysql2', { engine: 'mysql', sslMode: 'prefer' })).not.toContain('ssl');
});

test.each([
  ['prisma', 'require', 'ssl: { rejectUnauthorized: false }'],
  ['prisma', 'verify-full', 'ssl: true'],
  ['django', 'require', '"OPTIONS": {"ssl_mode": "REQUIRED"}'],
  ['django', 'verify-full', '"OPTIONS": {"ssl_mode": "VERIFY_IDENTITY", "ssl": {"ca": "ca.pem"}}'],
  ['rails', 'require', 'ssl_mode: required\n  sslverify: false'],
  ['rails', 'verify-full', 'ssl_mode: verify_identity\n  sslverify: true\n  sslca: ca.pem'],
  ['sqlalchemy', 'require', '.encode(), "ssl": {"verify_mode": "none"}},'],
  ['sqlalchemy', 'verify-full', '.encode(), "ssl": {"ca": "ca.pem"}},'],
  ['go', 'require', 'TLSConfig = "skip-verify"'],
  ['go', 'disable', 'TLSConfig = "false"'],
  ['jdbc', 'require', 'setProperty("useSsl", "true");\nproperties.setProperty("trustServerCertificate", "true");'],
  ['jdbc', 'verify-full', 'setProperty("useSsl", "true");\nproperties.setProperty("serverSslCert", "ca.pem");'],
  ['laravel', 'require', 'PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => false'],
  ['laravel', 'verify-full', 'MYSQL_ATTR_SSL_CA=/path/to/ca.pem'],
] as const)('%s for MariaDB says %s in words of its own', (framework, sslMode, words) => {
  expect(write(framework, { engine: 'mysql', sslMode })).toContain(words);
});

test('a $ in the name of the database keeps Drizzle from the URL, which would carry it encoded', () => {
  expect(write('drizzle', { database: 'sh$op' })).toContain('database: "sh$op",');
  expect(write('drizzle', { database: 'sh$op' })).not.toMatch(/DATABASE_URL|dotenv/);
  expect(write('drizzle')).toContain('connectionString: process.env.DATABASE_URL!,');
});

test('.env names the drivers that read its TLS mode otherwise', () => {
  expect(write('env', { sslMode: 'require' })).toContain('uselibpqcompat=true');
  expect(write('env', { sslMode: 'verify-ca' })).toContain('# node-postgres reads verify-ca as verify-full');
  for (const sslMode of ['prefer', 'disable', 'verify-ca', 'verify-full'] as const) expect(write('env', { sslMode })).not.toContain('uselibpqcompat');
  expect(write('env', { engine: 'mysql', sslMode: 'require' })).toContain('# mysql2 and PyMySQL do not read ssl-mode');
});

test('SQLAlchemy is given a name that it would not decode beside the URL', () => {
  expect(write('sqlalchemy', { database: 'sh$op?', sslMode: 'require' }, 'direct')).toContain('connect_args={"dbname": "sh$op?"},');
  expect(write('sqlalchemy', { sslMode: 'require' }, 'direct')).not.toContain('connect_args');
  expect(write('sqlalchemy', { database: 'a b', sslMode: 'require' })).toContain('connect_args={"dbname": "a b", "prepare_threshold": None},');
});

test('clients by libpq and JDBC are given the CA that verify-full needs', () => {
  expect(write('django')).toContain('"OPTIONS": {"sslmode": "verify-full", "sslrootcert": "ca.pem"},');
  expect(write('rails')).toContain('sslmode: verify-full\n  sslrootcert: ca.pem');
  expect(write('sqlalchemy', {}, 'direct')).toContain('connect_args={"sslrootcert": "ca.pem"},');
  expect(write('jdbc')).toContain('sslmode=verify-full&sslrootcert=ca.pem');
  for (const framework of ['django', 'rails', 'sqlalchemy', 'jdbc'] as const) {
    expect(write(framework)).toContain("ca.pem: the server's CA");
    expect(write(framework, { sslMode: 'require' })).not.toContain('ca.pem');
  }
});

test('Prisma connects by node-postgres, whose word for require stands in .env', () => {
  expect(write('prisma', { sslMode: 'require' })).toContain('?sslmode=require&uselibpqcompat=true"');
  expect(write('prisma')).not.toContain('uselibpqcompat');
  expect(write('prisma')).toContain('connectionString: process.env.DATABASE_URL!,');
  expect(write('prisma', { database: 'sh$op' })).toContain('database: "sh$op",');
});

test('a Java driver encodes a password as UTF-8 on any platform', () => {
  expect(write('jdbc', { engine: 'mysql' })).toContain('properties.setProperty("passwordCharacterEncoding", "UTF-8");');
});

test('a name that Connector/J would not decode is set after the connection', () => {
  expect(write('jdbc', { engine: 'mysql', database: 'sh$op' })).toContain(':6432/", properties);\nconnection.setCatalog("sh$op");');
  expect(write('jdbc', { engine: 'mysql' })).not.toContain('setCatalog');
});
