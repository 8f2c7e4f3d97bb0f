import { describe, expect, it } from 'vitest';
import { parseAccount } from './account-text.ts';
import { mariadb } from './mariadb.ts';
import { judgeOwn } from './read-own.ts';
import { isReadOnlyValue } from './session.ts';

const hash = (digit: string) => `*${digit.repeat(40)}`;
const [OLD, NEW, OTHER] = [hash('A'), hash('B'), hash('C')];
const native = (value: string) => ({ plugin: 'mysql_native_password', value });

describe('SHOW CREATE USER', () => {
  it.each([
    ['one password', `CREATE USER \`app\`@\`%\` IDENTIFIED BY PASSWORD '${OLD}'`, [native(OLD)]],
    ['a quote in the name', `CREATE USER \`o'brien\`@\`%\` IDENTIFIED BY PASSWORD '${OLD}'`, [native(OLD)]],
    ['a backtick in the name', `CREATE USER \`ti\`\`ck\`@\`10.%\` IDENTIFIED BY PASSWORD '${OLD}'`, [native(OLD)]],
    ['names in double quotes', `CREATE USER "IDENTIFIED BY"@"%" IDENTIFIED BY PASSWORD '${OLD}'`, [native(OLD)]],
    ['names without quotes', `CREATE USER app@localhost IDENTIFIED BY PASSWORD '${OLD}'`, [native(OLD)]],
    ['a subject that looks like a hash', `CREATE USER \`a\`@\`%\` IDENTIFIED BY PASSWORD '${OLD}' REQUIRE SUBJECT '/CN=it''s ${OTHER}'`, [native(OLD)]],
    ['a subject that looks like a clause', `CREATE USER \`a\`@\`%\` IDENTIFIED BY PASSWORD '${OLD}' REQUIRE SUBJECT ' OR x IDENTIFIED VIA y'`, [native(OLD)]],
    [
      'a socket first',
      `CREATE USER \`a\`@\`%\` IDENTIFIED VIA unix_socket OR mysql_native_password USING '${OLD}'`,
      [{ plugin: 'unix_socket', value: null }, native(OLD)],
    ],
    [
      'a socket last',
      `CREATE USER \`a\`@\`%\` IDENTIFIED VIA mysql_native_password USING '${OLD}' OR unix_socket`,
      [native(OLD), { plugin: 'unix_socket', value: null }],
    ],
    ['no password', 'CREATE USER `a`@`%` REQUIRE SSL', [native('')]],
    ['pam with a service', "CREATE USER `a`@`%` IDENTIFIED VIA pam USING 'it''s'", [{ plugin: 'pam', value: "it's" }]],
  ])('is read by its structure: %s', (_name, text, methods) => expect(parseAccount(text).methods).toEqual(methods));

  it('recognizes a locked account and one that requires a certificate', () => {
    expect(
      parseAccount(
        `CREATE USER \`a\`@\`%\` IDENTIFIED BY PASSWORD '${OLD}' REQUIRE ISSUER '/C=y' SUBJECT '/CN=x' WITH MAX_QUERIES_PER_HOUR 7 MAX_CONNECTIONS_PER_HOUR 5 MAX_USER_CONNECTIONS 3 ACCOUNT LOCK PASSWORD EXPIRE`,
      ),
    ).toMatchObject({
      isLocked: true,
      demandsCertificate: true,
      demandsTls: true,
      perHour: { logins: 5, statements: 7 },
    });
    expect(parseAccount(`CREATE USER \`a\`@\`%\` IDENTIFIED BY PASSWORD '${OLD}' REQUIRE SSL`)).toMatchObject({
      isLocked: false,
      demandsCertificate: false,
      demandsTls: true,
      perHour: { logins: 0, statements: 0 },
    });
  });
});

describe('an account that changes its own password', () => {
  const mayChange = (methods: string) =>
    judgeOwn({ isMariadb: true, isOwnHash: (hash) => hash === OLD }, parseAccount(`CREATE USER \`a\`@\`%\` IDENTIFIED VIA ${methods}`)).mayChange;
  const [ours, theirs] = [OLD, OTHER].map((one) => `mysql_native_password USING '${one}'`) as [string, string];
  it.each([
    ['its only password', ours, true],
    ['behind a socket', `unix_socket OR ${ours}`, true],
    ['before a socket', `${ours} OR unix_socket`, true],
    ["before a DBA's", `${ours} OR ${theirs}`, true],
    ["behind a DBA's, which SET PASSWORD would replace", `${theirs} OR ${ours}`, false],
    ['behind ed25519, which SET PASSWORD would replace', `ed25519 USING 'x' OR ${ours}`, false],
  ])('%s', (_name, methods, may) => expect(mayChange(methods)).toBe(may));
});

describe('a change on MariaDB', () => {
  const priv = (auth_or: object[], first: object) => ({ host: '%', priv: JSON.stringify({ access: 0, ...first, auth_or }) });
  const first = { plugin: 'mysql_native_password', authentication_string: OLD };
  const change = (row: object, alsoValid: string[] = [], replaces = (one: string) => one === OLD) =>
    mariadb
      .changeAccounts([mariadb.readAccount(row as Record<string, unknown>)], { user: 'a', verifier: NEW, alsoValid, replaces })[0]
      ?.replace("ALTER USER IF EXISTS 'a'@'%' IDENTIFIED VIA ", '');
  const via = (...of: string[]) => of.map((one) => (one.startsWith('*') ? `mysql_native_password USING '${one}'` : one)).join(' OR ');

  it.each([
    ['a socket before', [{ plugin: 'unix_socket' }, {}], ['unix_socket', NEW]],
    ['a socket behind', [{}, { plugin: 'unix_socket' }], [NEW, 'unix_socket']],
    ["a DBA's second password", [{}, { ...first, authentication_string: OTHER }], [NEW, OTHER]],
    ["a DBA's first password", [{ ...first, authentication_string: OTHER }, {}], [OTHER, NEW]],
    ['gssapi and pam', [{ plugin: 'gssapi', authentication_string: 'p' }, {}, { plugin: 'pam' }], ["gssapi USING 'p'", NEW, 'pam']],
  ])('carries over %s', (_name, methods, wanted) => expect(change(priv(methods, first))).toBe(via(...wanted)));

  it('is the same when it is repeated', () => {
    const sent = { ...first, authentication_string: NEW };
    expect(change(priv([{ plugin: 'unix_socket' }, {}, { ...first, authentication_string: OLD }], sent), [OLD])).toBe(via('unix_socket', NEW, OLD));
  });

  it('ends the passwords it is given', () =>
    expect(change(priv([{}, { ...first, authentication_string: OTHER }, { plugin: 'unix_socket' }], first), [], () => true)).toBe(via(NEW, 'unix_socket')));
});

it.each([
  [0, false],
  ['OFF', false],
  ['off', false],
  [1, true],
  ['ON', true],
  ['NO_LOCK', true],
  ['NO_LOCK_NO_ADMIN', true],
])('read_only = %s', (value, isReadOnly) => expect(isReadOnlyValue(value)).toBe(isReadOnly));
