import { expect, it } from 'vitest';
import { isCommonPassword, refuseCommonPassword } from './refuse-common-password.ts';

const KNOWN = ['ada.lovelace@example.com', 'Example Co'];

it.each([
  'password1234',
  'Password123!',
  'P@ssw0rd2026!',
  '123456789012',
  'qwertyuiop[]',
  '1q2w3e4r5t6y',
  'iloveyou1234',
  'letmein12345',
  'administrator',
  'adminadminadmin',
  'trustno1trustno1',
  'abcdefghijkl',
  'aaaaaaaaaaaa',
  'a'.repeat(512),
  'ada.lovelace@example.com',
  'lovelacelovelace',
  'Example Co 2026',
  'rekeyrekeyrekey',
])('refuses %s', async (password) => {
  expect(await isCommonPassword(password, KNOWN)).toBe(true);
});

it.each(['correct horse battery', 'a long sentence to sign in with', 'Xk9#mQ2$vL7p', 'tr0ub4dor&3xyz', 'zażółć gęślą jaźń', 'long enough password'])(
  'takes %s',
  async (password) => {
    expect(await isCommonPassword(password, KNOWN)).toBe(false);
  },
);

it('names the field and what to do, and repeats no password', async () => {
  const refused = refuseCommonPassword('new_password', 'password1234', []);
  await expect(refused).rejects.toMatchObject({ code: 'validation_failed', extras: { fields: { new_password: [expect.stringContaining('Choose another')] } } });
  await expect(refused).rejects.not.toThrow('password1234');
});
