// Ten thousand logins that were added within one hour, and when they are checked in the days that follow.
import { expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { fillStore } from '#scripts/testing/fill-store.ts';
import { CHECK_AFTER } from './claim-due-checks.ts';

const LOGINS = 10_000;
const HOURS = 24;

/** How many checks are due in each hour of the day. */
async function byHour(): Promise<number[]> {
  const rows = await db.$queryRaw<{ hour: number; count: number }[]>`
    SELECT extract(hour FROM c.direct_proven_at + ${CHECK_AFTER})::int AS hour, count(*)::int AS count FROM credentials c WHERE c.state = 'current' GROUP BY 1`;
  return Array.from({ length: HOURS }, (_, hour) => rows.find((row) => row.hour === hour)?.count ?? 0);
}

it('spreads the daily checks evenly over the day, each within a day of the last one', { timeout: 180_000 }, async () => {
  await fillStore({ logins: LOGINS, rotations: 100, endpoints: 1, auditRecords: 1 });
  await db.$executeRaw`UPDATE credentials SET direct_proven_at = date_trunc('day', now()) + random() * interval '1 hour' WHERE state = 'current'`;
  const first = await byHour();
  // The first checks all fall into half a day.
  expect(first.filter((count) => count > 0).length).toBeLessThanOrEqual(14);
  for (let day = 0; day < 7; day++)
    await db.$executeRaw`UPDATE credentials c SET direct_proven_at = c.direct_proven_at + ${CHECK_AFTER} WHERE c.state = 'current'`;
  const even = LOGINS / HOURS;
  const later = await byHour();
  expect(Math.max(...later), later.join(' ')).toBeLessThan(even * 1.3);
  expect(Math.min(...later), later.join(' ')).toBeGreaterThan(even * 0.7);
  const [longest] = await db.$queryRaw<{ seconds: number }[]>`
    SELECT extract(epoch FROM max(${CHECK_AFTER}))::float8 AS seconds FROM credentials c WHERE c.state = 'current'`;
  expect(longest?.seconds).toBeLessThanOrEqual(86_400);
});
