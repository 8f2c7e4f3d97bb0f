import { expect, it } from 'vitest';
import { from } from '#scripts/testing/call-api.ts';
import { throttleSignIn } from './throttle-sign-in.ts';

const attempt = (email: string, address: string) =>
  throttleSignIn(
    new Request('http://rekey.example.com/api/auth/callback/credentials', {
      method: 'POST',
      headers: from(address),
      body: new URLSearchParams({ email, password: 'guess' }),
    }),
  );

it('stops the eleventh try for one email from one address, and nobody else', async () => {
  for (let i = 0; i < 10; i++) expect(await attempt('ada@example.com', '192.0.2.1')).toBeNull();
  const stopped = await attempt(' ADA@example.com', '192.0.2.1');
  expect(stopped?.status).toBe(429);
  expect(Number(stopped?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await stopped?.json()).toEqual({ url: 'http://rekey.example.com/signin?error=rate_limited' });
  expect(await attempt('ada@example.com', '192.0.2.2')).toBeNull();
  expect(await attempt('grace@example.com', '192.0.2.1')).toBeNull();
});
