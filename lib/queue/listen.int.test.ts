import pg from 'pg';
import { afterEach, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { listen } from './listen.ts';
import { closeWake, wake } from './wake.ts';

const ends: (() => Promise<void>)[] = [closeWake];
afterEach(async () => {
  for (const end of ends.splice(1)) await end();
});

async function hear(): Promise<unknown[]> {
  const heard: unknown[] = [];
  ends.push(
    await listen((queue, data) => {
      if ((data as { lane: string }).lane === 'broken') throw new TypeError('not understood');
      heard.push([queue, data]);
    }),
  );
  return heard;
}

const message = (rotationId: string, lane = 'server') => ({ rotationId, lane });

it('hears what is announced, also beside a message that it does not understand', async () => {
  const heard = await hear();
  await Promise.all([
    wake('rotation.advance', message('rot_0', 'broken')),
    wake('rotation.advance', message('rot_1')),
    wake('connection.verify', { jobId: 'job_1', lane: 'server' }),
  ]);
  await expect.poll(() => heard).toHaveLength(2);
  expect(heard).toEqual(
    expect.arrayContaining([
      ['rotation.advance', message('rot_1')],
      ['connection.verify', { jobId: 'job_1', lane: 'server' }],
    ]),
  );
});

it('hears again when all tables of the queue were emptied, of a sender that starts only then too', { timeout: 120_000 }, async () => {
  const heard = await hear();
  const tables = await db.$queryRaw<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'pgboss'`;
  await db.$executeRawUnsafe(`TRUNCATE ${tables.map(({ name }) => `pgboss.${pg.escapeIdentifier(name)}`).join(', ')} CASCADE`);
  let n = 0;
  const wakeOnce = async () => {
    await wake('rotation.advance', message(`rot_${++n}`));
    return heard.length;
  };
  await expect.poll(wakeOnce, { timeout: 60_000 }).toBeGreaterThan(0);
  await closeWake();
  heard.length = 0;
  await wake('rotation.advance', message('rot_fresh'));
  await expect.poll(() => heard, { timeout: 5_000 }).toContainEqual(['rotation.advance', message('rot_fresh')]);
});
