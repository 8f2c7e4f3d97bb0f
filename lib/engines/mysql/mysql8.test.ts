// The statements for MySQL 8 as text: no server of it proves them here.
import { describe, expect, it } from 'vitest';
import { makeCachingSha2Hash, makeNativeHash } from '#lib/crypto/mysql-hash.ts';
import { Secret } from '#lib/crypto/secret.ts';
import type { Account } from './dialect.ts';
import { mysql8 } from './mysql8.ts';
import { parseOwn } from './read-own.ts';

const hash = (name: string) => makeCachingSha2Hash(new Secret(name), 1000, Buffer.from('salt-salt-salt-salt-'));
const [OLD, MIDDLE, NEW] = ['old', 'middle', 'new'].map(hash) as [string, string, string];
const hex = (text: string) => `0x${Buffer.from(text).toString('hex').toUpperCase()}`;
const account = (verifier: string, ...others: string[]): Account => ({ host: '%', plugin: 'caching_sha2_password', verifier, others });
const statements = (at: Account, ...alsoValid: string[]) => mysql8.changeAccounts([at], { user: "o'app", verifier: NEW, alsoValid });
const SET = `ALTER USER 'o\\'app'@'%' IDENTIFIED WITH caching_sha2_password AS ${hex(NEW)}`;
const DISCARD = "ALTER USER 'o\\'app'@'%' DISCARD OLD PASSWORD";

describe('one password', () => {
  it('is set, and any other discarded', () => expect(statements(account(OLD))).toEqual([SET, DISCARD]));
  it('is not set again where it is set', () => expect(statements(account(NEW, OLD))).toEqual([DISCARD]));
  it('of the native kind keeps its kind', () => {
    const native = makeNativeHash(new Secret('x'));
    expect(mysql8.changeAccounts([account(OLD)], { user: 'app', verifier: native, alsoValid: [] })[0]).toContain('WITH mysql_native_password AS 0x2A');
  });
});

describe('two passwords', () => {
  it('are made by retaining the present one', () => expect(statements(account(OLD), OLD)).toEqual([`${SET} RETAIN CURRENT PASSWORD`]));
  it('are left alone on a retry: retaining twice would lose the old one', () => expect(statements(account(NEW, OLD), OLD)).toEqual([]));
  it('drop the one between where the old one is the second already', () => expect(statements(account(MIDDLE, OLD), OLD)).toEqual([SET]));
  it.each([
    ['three at once', account(MIDDLE, OLD), [OLD, MIDDLE]],
    ['the old one is gone', account(MIDDLE), [OLD]],
  ] as const)('cannot be made: %s', (_name, at, also) => {
    expect(() => statements(at, ...also)).toThrow(expect.objectContaining({ code: 'overlap_unsupported' }));
  });
});

it("reads the login's own account", () => {
  const text = `CREATE USER 'app'@'%' IDENTIFIED WITH 'caching_sha2_password' AS ${hex(NEW)} REQUIRE NONE`;
  expect(parseOwn(text)).toEqual({ verifiers: [NEW], iterations: 1000 });
  expect(mysql8.changeOwn).toBe(null);
  expect(mysql8.readAccount({ host: '%', plugin: 'caching_sha2_password', verifier: NEW, other: OLD })).toEqual(account(NEW, OLD));
});
