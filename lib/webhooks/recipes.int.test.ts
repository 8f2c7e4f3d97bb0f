// What the published receivers of both documented systems make of our signatures while a secret is rotated.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { type RecipeReceiver, startNodeRecipe, startPhpRecipe } from '#scripts/testing/webhook-recipes.ts';
import { createWebhookEndpoint } from './create-webhook-endpoint.ts';
import { Deliverer } from './deliverer.ts';
import { sendTestEvent } from './deliveries.ts';
import { rotateEndpointSecret } from './endpoints.ts';

vi.hoisted(() => {
  process.env.REKEY_OUTBOUND_ALLOW = '127.0.0.0/8';
});

let context: ReturnType<typeof systemContext>;
beforeEach(async () => {
  context = systemContext(await makeOrganization());
  await db.delivery.deleteMany();
});

const happen = () =>
  db.$transaction((tx) => recordEvent(tx, { organizationId: context.organizationId, projectId: newId('prj'), type: 'job.failed', data: { job_id: 'job_1' } }));

/** One try at everything that waits, due or not. */
async function deliver(): Promise<void> {
  await db.delivery.updateMany({ where: { state: 'pending' }, data: { nextAttemptAt: new Date(0) } });
  const deliverer = new Deliverer('wrk_test');
  deliverer.wake();
  await deliverer.drain();
}
/** Three events, tried until nothing waits; how many tries each took. */
async function tellThree(): Promise<number[]> {
  for (let n = 0; n < 3; n++) await happen();
  return settle();
}
async function settle(): Promise<number[]> {
  const open = await db.delivery.findMany({ where: { state: 'pending' } });
  while ((await db.delivery.count({ where: { state: 'pending' } })) > 0) await deliver();
  const ended = await db.delivery.findMany({ where: { id: { in: open.map(({ id }) => id) } } });
  expect(ended.map(({ state }) => state)).toEqual(ended.map(() => 'delivered'));
  return ended.map(({ attempts }) => attempts);
}

describe.each([
  ['vector', 'X-Vector-Signature', 'Node', startNodeRecipe],
  ['vector', 'X-Vector-Signature', 'PHP', startPhpRecipe],
  ['capydb', 'X-CapyDB-Signature', 'Node', startNodeRecipe],
  ['capydb', 'X-CapyDB-Signature', 'PHP', startPhpRecipe],
] as const)('%s: a receiver that verifies %s by the %s recipe', (dialect, header, _, start) => {
  let receiver: RecipeReceiver;
  const subscribe = async () => {
    const made = await createWebhookEndpoint(context, { url: receiver.url, dialect, event_types: ['*'] });
    receiver.install(made.plaintext_secret ?? '');
    return made.webhook_endpoint.id;
  };
  const rotate = async (id: string) => (await rotateEndpointSecret(context, id)).plaintext_secret ?? '';
  const run = (test: () => Promise<void>) => async () => {
    receiver = await start(header);
    try {
      await test();
    } finally {
      await receiver.stop();
    }
  };

  it(
    'takes every event before, during and after a rotation',
    run(async () => {
      const id = await subscribe();
      expect(await tellThree()).toEqual([1, 1, 1]);

      const next = await rotate(id);
      expect(await tellThree(), 'the receiver has the former secret').toEqual([1, 1, 1]);
      for (let n = 0; n < 3; n++) await happen();
      receiver.install(next);
      expect(await settle(), 'the receiver changes over while events wait').toEqual([2, 2, 2]);
      expect(await tellThree(), 'it is known to have changed over').toEqual([1, 1, 1]);

      await db.webhookEndpoint.update({ where: { id }, data: { formerUntil: new Date(0) } });
      expect(await tellThree(), 'the overlap is over').toEqual([1, 1, 1]);
    }),
  );

  it(
    'changes over with a test event, and back where it is rolled back',
    run(async () => {
      const made = await createWebhookEndpoint(context, { url: receiver.url, dialect, event_types: ['*'] });
      const id = made.webhook_endpoint.id;
      receiver.install(await rotate(id));
      await sendTestEvent(context, id);
      expect(await settle()).toEqual([1]);
      expect(await tellThree()).toEqual([1, 1, 1]);
      receiver.install(made.plaintext_secret ?? '');
      expect(await tellThree()).toEqual([2, 2, 2]);
      expect(await tellThree()).toEqual([1, 1, 1]);
    }),
  );

  it(
    'loses nothing where the secret is rotated twice before it changes over',
    run(async () => {
      const id = await subscribe();
      await rotate(id);
      expect(await tellThree()).toEqual([1, 1, 1]);
      const last = await rotate(id);
      expect(await tellThree()).toEqual([1, 1, 1]);
      receiver.install(last);
      expect(await tellThree()).toEqual([2, 2, 2]);
      expect(await tellThree()).toEqual([1, 1, 1]);
    }),
  );
});
