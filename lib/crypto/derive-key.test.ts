import { hkdfSync } from 'node:crypto';
import { encode } from 'next-auth/jwt';
import { expect, it } from 'vitest';
import { readSessionId } from '#lib/auth/cookies.ts';
import { env } from '#lib/kernel/env.ts';
import { deriveKey } from './derive-key.ts';

it('derives a different key for every purpose, none of them the secret itself', () => {
  const keys = (['session', 'csrf', 'device', 'idempotency'] as const).map(deriveKey);
  expect(new Set([...keys, env.NEXTAUTH_SECRET]).size).toBe(5);
  expect(deriveKey('session')).toBe(Buffer.from(hkdfSync('sha256', env.NEXTAUTH_SECRET, '', 'rekey session', 32)).toString('base64url'));
});

it('opens a session only with a token encrypted under the key for sessions', async () => {
  const tokenUnder = (secret: string) => encode({ token: { sid: 'ses_1' }, secret });
  expect(await readSessionId(await tokenUnder(deriveKey('session')))).toBe('ses_1');
  for (const secret of [env.NEXTAUTH_SECRET, deriveKey('csrf'), deriveKey('device')]) expect(await readSessionId(await tokenUnder(secret))).toBeNull();
});
