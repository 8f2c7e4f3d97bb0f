// `npm run soak` in small.
import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { isFaultless, report } from './report.ts';
import { runSoak } from './run-soak.ts';

it('locks nobody out and loses nothing while processes, servers, poolers and the store go down and come back', { timeout: 400_000 }, async () => {
  const seed = randomInt(2 ** 31);
  const said: string[] = [];
  const result = await runSoak({ minutes: 1, seed, logins: 15, clients: 2, restMs: 500, everyMs: 6_000, web: 'api', say: (what) => said.push(what) });
  expect(isFaultless(result), `seed ${seed}\n${said.join('\n')}\n${report(result)}`).toBe(true);
  expect(Object.keys(result.faults)).toEqual(expect.arrayContaining(['kill -9 of a worker', 'restart of PgBouncer']));
});
