// Deliveries a second: one event told to many endpoints by the worker, against a bare fetch loop to the same receivers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { closeWake } from '#lib/queue/wake.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { root } from '#scripts/run-tool.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';

/** As many as the worker begins at once. */
const AT_ONCE = 256;
const WARM_UP = 2;

interface Rates {
  ours: number;
  bare: number;
}

/** Tells `rounds` events to `count` endpoints and sends as many requests bare, in turns. Deliveries a second, from the event's transaction to the last outcome written. */
export async function benchDeliveries({ count, rounds }: { count: number; rounds: number }): Promise<Rates> {
  const child = spawn(process.execPath, ['scripts/bench/receivers.ts', String(count)], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const urls = (JSON.parse(String(line)) as number[]).map((port) => `http://127.0.0.1:${port}/hook`);
    const organizationId = await makeOrganization();
    const context = systemContext(organizationId);
    for (const url of urls) await createWebhookEndpoint(context, { url, event_types: ['job.*'] });
    // Both sides keep their connections from round to round.
    const dispatcher = new Agent();
    const ours: number[] = [];
    const bare: number[] = [];
    for (let i = 0; i < rounds + WARM_UP; i++) {
      const times = [await tellAll(organizationId), await sendAll(dispatcher, urls)] as const;
      if (i < WARM_UP) continue;
      ours.push(times[0]);
      bare.push(times[1]);
    }
    await dispatcher.close();
    const rate = (times: number[]) => (count * rounds * 1000) / times.reduce((sum, ms) => sum + ms, 0);
    return { ours: rate(ours), bare: rate(bare) };
  } finally {
    child.kill();
    await closeWake();
  }
}

/** From the transaction of the event to the last outcome, in ms. */
async function tellAll(organizationId: string): Promise<number> {
  const started = performance.now();
  const data = { job_id: 'job_bench', job_type: 'project.rotate_credentials', role_name: 'bench', from_version: 1, to_version: 2, requested_by: 'bench' };
  const told = await db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: null, type: 'job.completed', data }));
  await wakeDeliveries(told);
  // Asked so that the question costs next to nothing: it would take the processor from what is measured.
  while (await isAnyPending()) await delay(10);
  const elapsed = performance.now() - started;
  const lost = await db.delivery.count({ where: { organizationId, state: { not: 'delivered' } } });
  if (lost > 0) throw new Error(`${lost} deliveries failed`);
  return elapsed;
}

async function isAnyPending(): Promise<boolean> {
  const [{ is }] = await db.$queryRaw<[{ is: boolean }]>`SELECT EXISTS (SELECT FROM deliveries WHERE state = 'pending') AS is`;
  return is;
}

/** One POST to each receiver by `AT_ONCE` loops, in ms. */
async function sendAll(dispatcher: Agent, urls: string[]): Promise<number> {
  const body = JSON.stringify({ id: 'evt_bench', type: 'job.completed', created_at: new Date(), data: { role_name: 'bench', from_version: 1, to_version: 2 } });
  const waiting = [...urls];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let url = waiting.pop(); url; url = waiting.pop()) {
        const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, dispatcher });
        await answer.arrayBuffer();
      }
    }),
  );
  const elapsed = performance.now() - started;
  return elapsed;
}
