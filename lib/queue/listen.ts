import { PgBoss } from 'pg-boss';
import queuePackage from 'pg-boss/package.json' with { type: 'json' };
import { Prisma } from '#generated/prisma/client.ts';
import { ask, db, IDLE_MS } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { describeError, log } from '#lib/kernel/log.ts';
import { QUEUES, type QueueName } from './jobs.ts';
import { logQueueError } from './log-queue-error.ts';

type Handle = (queue: QueueName, data: unknown) => void;

/** How often a worker looks whether its queues are still there. */
const KEEP_MS = 20_000;

/** How often each queue is asked for messages whose announcement was lost: their work the sweep has found long before. */
const POLL_S = 120;
/** Maintenance of queues whose messages live for a moment, in s. */
const SELDOM = {
  // Of its pool of connections, in ms; pg-boss passes it on, and its types do not name it. A connection lives on from one
  // poll to the next, rather than being opened anew for each.
  idleTimeoutMillis: POLL_S * 1_000 + IDLE_MS,
  superviseIntervalSeconds: 600,
  monitorIntervalSeconds: 600,
  bamIntervalSeconds: 3_600,
  flowIntervalSeconds: 3_600,
  queueCacheIntervalSeconds: 600,
};

/**
 * Receives the messages of all queues, and makes the queues again where somebody emptied their tables: until then
 * the sweep finds the work. Resolves when it listens, with what ends it.
 */
export async function listen(handle: Handle): Promise<() => Promise<void>> {
  // A login that may make no schema finds one made for it.
  const [{ createSchema }] = await db.$queryRaw<[{ createSchema: boolean }]>`SELECT to_regnamespace('pgboss') IS NULL AS "createSchema"`;
  const boss = new PgBoss({ connectionString: env.DATABASE_URL, useListenNotify: true, schedule: false, max: 4, createSchema, ...SELDOM });
  boss.on('error', logQueueError);
  await boss.start();
  await keepQueues(boss);
  for (const name of Object.keys(QUEUES) as QueueName[]) {
    // A handler only hands the work over, so large batches cost nothing. Announced messages arrive at once, and the sweep
    // finds later work: polling only picks up messages whose announcement was lost.
    const options = { batchSize: 100, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: POLL_S };
    await boss.work(name, options, async (messages) => {
      for (const { data } of messages) handOver(handle, name, data);
    });
  }
  const timer = setInterval(() => void keepQueues(boss).catch(logQueueError), KEEP_MS);
  return () => {
    clearInterval(timer);
    return boss.stop({ graceful: false });
  };
}

/** A message of another form, such as an older release's, must not keep back the others. */
function handOver(handle: Handle, name: QueueName, data: unknown): void {
  try {
    handle(name, data);
  } catch (error) {
    log.warn({ queue: name, error: describeError(error) }, 'message not understood');
  }
}

async function keepQueues(boss: PgBoss): Promise<void> {
  const [there] = await ask<{ queues: string[]; has_version: boolean }>(Prisma.sql`
    SELECT ARRAY(SELECT name FROM pgboss.queue) AS queues, EXISTS (SELECT FROM pgboss.version) AS has_version`);
  // Without its version the senders do not start.
  if (!there?.has_version)
    await boss.getDb().executeSql('INSERT INTO pgboss.version (version) VALUES ($1) ON CONFLICT DO NOTHING', [queuePackage.pgboss.schema]);
  for (const name of Object.keys(QUEUES)) if (!there?.queues.includes(name)) await boss.createQueue(name, { notify: true });
}
