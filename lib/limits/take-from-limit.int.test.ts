import { expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { forgetOldLimits } from './limits.ts';
import { takeFromLimit } from './take-from-limit.ts';

const limit = (bucket: string) => ({ bucket, most: 3, windowSeconds: 60 });

it('lets through so many, then none until the window is over', async () => {
  const allowed = [];
  for (let i = 0; i < 3; i++) allowed.push((await takeFromLimit(limit('a'))).remaining);
  expect(allowed).toEqual([2, 1, 0]);
  await expect(takeFromLimit(limit('a'))).rejects.toMatchObject({ code: 'rate_limited', extras: { retryAfterSeconds: 60 } });
  expect(await takeFromLimit(limit('b'))).toMatchObject({ remaining: 2 });
  await db.$executeRaw`UPDATE rate_limits SET window_began_at = window_began_at - interval '61 seconds' WHERE bucket = 'a'`;
  expect(await takeFromLimit(limit('a'))).toMatchObject({ remaining: 2, resetSeconds: 60 });
});

it('counts exactly when many come at once', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => takeFromLimit(limit('c'))));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
});

it('is forgotten an hour after its window began', async () => {
  await takeFromLimit(limit('old'));
  await db.$executeRaw`UPDATE rate_limits SET window_began_at = now() - interval '61 minutes' WHERE bucket = 'old'`;
  await forgetOldLimits();
  expect(await db.rateLimit.findMany({ where: { bucket: { in: ['old', 'b'] } }, select: { bucket: true } })).toEqual([{ bucket: 'b' }]);
});
