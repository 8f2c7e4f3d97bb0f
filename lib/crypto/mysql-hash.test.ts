import { expect, it } from 'vitest';
import { isCachingSha2Hash, isNativeHash, makeCachingSha2Hash, makeNativeHash } from './mysql-hash.ts';
import { Secret } from './secret.ts';

it('hashes as PASSWORD() of MariaDB does', () => {
  expect(makeNativeHash(new Secret('password'))).toBe('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19');
});

it.each(['', 'a-plaintext-password', '*2470c0c06dee42fd1618bb99005adca2ec9d1e19', "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'"])(
  'takes %j for no hash',
  (text) => {
    expect(isNativeHash(text)).toBe(false);
    expect(isCachingSha2Hash(text)).toBe(false);
  },
);

it('hashes as caching_sha2_password of MySQL does', () => {
  // The example of that format which the documentation of hashcat gives, for the password "hashcat".
  const salt = Buffer.from('F9CC98CE08892924F50A213B6BC571A2C11778C5', 'hex');
  const hash = Buffer.from('625479393559393965414D45316477456B484F41316E64484742577A2E3162785353526B7554584647562F', 'hex').toString();
  expect(makeCachingSha2Hash(new Secret('hashcat'), 5000, salt)).toBe(`$A$005$${salt.toString('latin1')}${hash}`);
});

it('salts anew, with signs that need no quoting', () => {
  const hashes = [1, 2].map(() => makeCachingSha2Hash(new Secret('x'), 1000));
  expect(hashes[0]).not.toBe(hashes[1]);
  for (const hash of hashes) {
    expect(hash).toMatch(/^\$A\$001\$[\w-]{20}/);
    expect(isCachingSha2Hash(hash)).toBe(true);
  }
});
