// The statements for MySQL 8 as text: no server of it proves them here.
import { describe, expect, it } from 'vitest';
import { makeCachingSha2Hash, makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { Secret } from '#lib/crypto/secret.ts';
import { parseAccount } from './account-text.ts';
import type { Account } from './dialect.ts';
import { mysql8 } from './mysql8.ts';
import { judgeOwn } from './read-own.ts';

const hash = (name: string) => makeCachingSha2Hash(new Secret(name), 1000, Buffer.from('salt-salt-salt-salt-'));
const [OLD, MIDDLE, NEW, STRANGER] = ['old', 'middle', 'new', 'stranger'].map(hash) as [string, string, string, string];
const hex = (text: string) => `0x${Buffer.from(text).toString('hex').toUpperCase()}`;
const account = (verifier: string, ...others: string[]): Account => ({
  host: '%',
  methods: [verifier, ...others].map((value) => ({ plugin: 'caching_sha2_password', value })),
  isLocked: false,
  demandsCertificate: false,
  demandsTls: false,
  perHour: { logins: 0, statements: 0 },
});
const statements = (at: Account, ...alsoValid: string[]) =>
  mysql8.changeAccounts([at], { user: "o'app", verifier: NEW, alsoValid, replaces: (one) => one !== STRANGER });
const SET = `ALTER USER IF EXISTS 'o\\'app'@'%' IDENTIFIED WITH caching_sha2_password AS ${hex(NEW)}`;
const DISCARD = "ALTER USER IF EXISTS 'o\\'app'@'%' DISCARD OLD PASSWORD";

describe('one password', () => {
  it('is set, and any other discarded', () => expect(statements(account(OLD))).toEqual([SET, DISCARD]));
  it('is not set again where it is set', () => expect(statements(account(NEW, OLD))).toEqual([DISCARD]));
  it('of the native kind keeps its kind', () => {
    const native = makeNativeHash(new Secret('x'));
    expect(mysql8.changeAccounts([account(OLD)], { user: 'app', verifier: native, alsoValid: [], replaces: () => true })[0]).toContain(
      'WITH mysql_native_password AS 0x2A',
    );
  });
});

describe("somebody else's password", () => {
  it('beside ours stays valid', () => expect(statements(account(OLD, STRANGER))).toEqual([SET]));
  it('in the first place is not overwritten', () =>
    expect(() => statements(account(STRANGER, OLD))).toThrow(expect.objectContaining({ code: 'accounts_differ' })));
  it('leaves no room for an old password of ours', () =>
    expect(() => statements(account(OLD, STRANGER), OLD)).toThrow(expect.objectContaining({ code: 'overlap_unsupported' })));
});

describe('two passwords', () => {
  it('are made by retaining the current one', () => expect(statements(account(OLD), OLD)).toEqual([`${SET} RETAIN CURRENT PASSWORD`]));
  it('are left alone on a retry: retaining twice would lose the old one', () => expect(statements(account(NEW, OLD), OLD)).toEqual([]));
  it('drop the one in between if the old one is already the second', () => expect(statements(account(MIDDLE, OLD), OLD)).toEqual([SET]));
  it.each([
    ['three at once', account(MIDDLE, OLD), [OLD, MIDDLE]],
    ['the old one is gone', account(MIDDLE), [OLD]],
  ] as const)('cannot be made: %s', (_name, at, also) => {
    expect(() => statements(at, ...also)).toThrow(expect.objectContaining({ code: 'overlap_unsupported' }));
  });
});

it("reads the login's own account", () => {
  const text = `CREATE USER 'app'@'%' IDENTIFIED WITH 'caching_sha2_password' AS ${hex(NEW)} REQUIRE NONE`;
  const own = judgeOwn({ isMariadb: false, isOwnHash: (hash) => hash === NEW }, parseAccount(text));
  expect(own).toMatchObject({ verifiers: [NEW], verifier: NEW, iterations: 1000, mayChange: false });
  const row = { host: '%', plugin: 'caching_sha2_password', verifier: NEW, other: OLD, locked: 'N', tls: '' };
  expect(mysql8.readAccount(row)).toEqual(account(NEW, OLD));
});
