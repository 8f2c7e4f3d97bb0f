import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { db } from '#lib/kernel/db.ts';
import { settle } from '#scripts/torture/check.ts';
import { lazy } from '#scripts/torture/lazy.ts';
import type { Scenario } from '#scripts/torture/play.ts';
import { type Asked, ask, isUnderWay, makeSubject } from '#scripts/torture/subject.ts';
import { until } from '#scripts/torture/until.ts';

/** Empties every table of the queue, its definitions of queues included. */
async function emptyQueue(): Promise<void> {
  const tables = await db.$queryRaw<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'pgboss'`;
  await db.$executeRawUnsafe(`TRUNCATE ${tables.map(({ name }) => `pgboss.${pg.escapeIdentifier(name)}`).join(', ')} CASCADE`);
}

/** Whether the queue carried the message of this rotation and a worker took it. */
async function wasWoken({ jobId }: Asked): Promise<boolean> {
  const { id } = await db.rotation.findUniqueOrThrow({ where: { jobId } });
  const rows = await db.$queryRaw<unknown[]>`SELECT FROM pgboss.job WHERE data ->> 'rotationId' = ${id} AND state = 'completed'`;
  return rows.length > 0;
}

/** The queue's tables are emptied in the middle: nothing is lost, and later rotations are announced again. */
export const queueEmptied: Scenario = (rig) => {
  const subject = lazy(async () => makeSubject(await rig.target({}), 'rotator'));
  return [
    {
      name: 'the queue is emptied',
      keepsWorker: true,
      play: async (random) => {
        await rig.yard.keep();
        const first = await ask(await subject());
        await delay(random.between(0, 60));
        const isHit = await isUnderWay(first);
        await emptyQueue();
        const endings = [await settle(first)];
        await until('a rotation to be announced by the queue again', async () => {
          const next = await ask(await subject());
          endings.push(await settle(next));
          return wasWoken(next);
        });
        return { endings, hits: isHit ? 1 : 0 };
      },
    },
  ];
};
