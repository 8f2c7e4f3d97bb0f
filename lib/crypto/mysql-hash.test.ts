import { expect, it } from 'vitest';
import { isNativeHash, makeNativeHash } from './mysql-hash.ts';
import { Secret } from './secret.ts';

it('hashes as PASSWORD() of MariaDB does', () => {
  expect(makeNativeHash(new Secret('password'))).toBe('*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19');
});

it.each(['', 'a-plaintext-password', '*2470c0c06dee42fd1618bb99005adca2ec9d1e19', "*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19'"])(
  'takes %j for no hash',
  (text) => {
    expect(isNativeHash(text)).toBe(false);
  },
);
