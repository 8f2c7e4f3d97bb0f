// A real worker process and real receivers; the kills are in scripts/torture.
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { createWebhookEndpoint } from '#lib/webhooks/create-webhook-endpoint.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { runWorker } from '#scripts/testing/run-worker.ts';

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
function startWorker(): void {
  const worker = runWorker(SETTINGS);
  let hasEnded = false;
  const ended = worker.exited.then(() => {
    hasEnded = true;
  });
  onTestFinished(() => {
    if (!hasEnded) process.kill(worker.pid, 'SIGKILL');
    return ended;
  });
}

const subscribe = ({ url }: Receiver) => createWebhookEndpoint(systemContext(organizationId), { url, event_types: ['job.*'] });
const happen = () => db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: 'prj_1', type: 'job.completed', data: {} }));
const told = (messages: { eventId: string }[], to: Receiver) =>
  db.delivery.findMany({ where: { eventId: { in: messages.map(({ eventId }) => eventId) }, endpoint: { url: to.url } } });
const delivered = (messages: { eventId: string }[], to: Receiver) =>
  expect.poll(async () => (await told(messages, to)).map(({ state }) => state), { timeout: 60_000 }).toEqual(messages.map(() => 'delivered'));

it('a receiver that never answers keeps no other waiting', async () => {
  const hanging = await startReceiver();
  hanging.answer(() => {});
  await subscribe(hanging);
  startWorker();
  const messages = (await Promise.all(Array.from({ length: 20 }, happen))).flat();
  await delivered(messages, receiver);
  expect((await told(messages, hanging)).map(({ state }) => state)).toEqual(messages.map(() => 'pending'));
  expect(hanging.received.length).toBeLessThanOrEqual(8);
  await hanging.stop();
});
