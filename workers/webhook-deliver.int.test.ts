// Real worker processes, a real receiver, and kills between any two steps of a delivery.
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { systemContext } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { DELIVERY_FAILPOINTS } from '#lib/failpoint.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { type RunningWorker, runWorker } from '#scripts/testing/run-worker.ts';

const SETTINGS = { REKEY_LOG_LEVEL: 'info', REKEY_OUTBOUND_ALLOW: '127.0.0.0/8' };

let receiver: Receiver;
let organizationId: string;
beforeEach(async () => {
  receiver = await startReceiver();
  organizationId = await makeOrganization();
  await subscribe(receiver);
});
afterEach(() => receiver.stop());

/** A worker that ends with the test, whatever becomes of that. */
function startWorker(more: Record<string, string> = {}): RunningWorker {
  const worker = runWorker({ ...SETTINGS, ...more });
  let hasEnded = false;
  const ended = worker.exited.then(() => {
    hasEnded = true;
  });
  onTestFinished(() => {
    if (!hasEnded) process.kill(worker.pid, 'SIGKILL');
    return ended;
  });
  return worker;
}

const subscribe = ({ url }: Receiver) => createWebhookEndpoint(systemContext(organizationId), { url, event_types: ['*'] });
const happen = () => db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: 'prj_1', type: 'job.completed', data: {} }));
const statesOf = async (ids: string[]) => (await db.delivery.findMany({ where: { id: { in: ids } } })).map(({ state }) => state);
const delivered = (ids: string[]) => expect.poll(() => statesOf(ids), { timeout: 20_000 }).toEqual(ids.map(() => 'delivered'));

it.each(DELIVERY_FAILPOINTS)('an event is delivered though a worker is killed at %s, under one id', async (failpoint) => {
  const doomed = startWorker({ REKEY_FAILPOINTS: failpoint });
  await doomed.ready;
  const [message] = await happen();
  await doomed.exited;
  const id = message!.deliveryId;
  expect(await db.delivery.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'pending', attempts: 0, claimedBy: expect.any(String) });
  expect(receiver.received).toHaveLength(failpoint === 'deliver.sent' ? 1 : 0);

  const next = startWorker();
  await delivered([id]);
  await next.stop();
  const { eventId } = await db.delivery.findUniqueOrThrow({ where: { id } });
  expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(failpoint === 'deliver.sent' ? [eventId, eventId] : [eventId]);
});

it('a receiver that never answers keeps no other waiting', async () => {
  const hanging = await startReceiver();
  hanging.answer(() => {});
  await subscribe(hanging);
  startWorker();
  const messages = (await Promise.all(Array.from({ length: 20 }, happen))).flat();
  const idsOf = ({ port }: Receiver) => messages.filter(({ lane }) => lane.endsWith(`:${port}`)).map(({ deliveryId }) => deliveryId);
  await delivered(idsOf(receiver));
  expect(idsOf(hanging)).toHaveLength(20);
  expect(await statesOf(idsOf(hanging))).toEqual(idsOf(hanging).map(() => 'pending'));
  expect(hanging.received.length).toBeLessThanOrEqual(8);
  await hanging.stop();
});
