import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemContext } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { createWebhookEndpoint } from './create-webhook-endpoint.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import { redeliver } from './redeliver.ts';
import { rotateEndpointSecret } from './rotate-endpoint-secret.ts';
import { updateWebhookEndpoint } from './update-webhook-endpoint.ts';

vi.hoisted(() => {
  process.env.REKEY_OUTBOUND_ALLOW = '127.0.0.0/8';
});

let receiver: Receiver;
let organizationId: string;
let context: ReturnType<typeof systemContext>;
beforeEach(async () => {
  receiver = await startReceiver();
  organizationId = await makeOrganization();
  context = systemContext(organizationId);
});
afterEach(() => receiver.stop());

const subscribe = async (url = receiver.url, eventTypes: Parameters<typeof createWebhookEndpoint>[1]['event_types'] = ['*']) => {
  const { webhook_endpoint: endpoint, plaintext_secret: secret } = await createWebhookEndpoint(context, { url, event_types: eventTypes });
  return { id: endpoint.id, secret };
};
const happen = () => db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: newId('prj'), type: 'job.failed', data: { job_id: 'job_1' } }));
const read = (id: string) => db.delivery.findUniqueOrThrow({ where: { id }, include: { endpoint: true, event: true } });

/** One event, and its delivery to the one endpoint. */
async function pend(): Promise<string> {
  const [message] = await happen();
  if (!message) throw new Error('nobody is told');
  return message.deliveryId;
}

/** One try, now, whenever the next one is due; `clock` stands still. */
async function attempt(id: string, now = new Date()) {
  await db.delivery.update({ where: { id }, data: { nextAttemptAt: new Date(0) } });
  await deliverWebhook(id, 'wrk_test', () => now);
  return read(id);
}

describe('a delivery', () => {
  it('is signed, says what happened, and ends with a 2xx answer', async () => {
    const { secret } = await subscribe();
    const row = await attempt(await pend());
    expect(row).toMatchObject({ state: 'delivered', attempts: 1, responseStatus: 204, lastError: null, claimedBy: null, deliveredAt: expect.any(Date) });
    const [sent] = receiver.received;
    expect(sent).toMatchObject({ method: 'POST', path: '/hook', headers: { 'content-type': 'application/json', 'webhook-id': row.eventId } });
    const told = new Webhook(secret).verify(sent?.body ?? '', sent?.headers as Record<string, string>);
    expect(told).toEqual({
      id: row.eventId,
      type: 'job.failed',
      created_at: row.event.createdAt.toISOString(),
      organization_id: organizationId,
      project_id: row.event.projectId,
      data: { job_id: 'job_1' },
    });
  });

  it('is tried six times at its times, under one id with a fresh timestamp, then fails', async () => {
    await subscribe();
    receiver.answer((response) => response.writeHead(503).end('a body that is nobody’s business'));
    const id = await pend();
    const start = Date.now();
    const waits: (number | string)[] = [];
    for (let n = 0; n < 6; n++) {
      const now = new Date(start + n * 1000);
      const { state, nextAttemptAt, lastError, responseStatus } = await attempt(id, now);
      waits.push(state === 'pending' ? (nextAttemptAt.getTime() - now.getTime()) / 1000 : state);
      expect({ lastError, responseStatus }).toEqual({ lastError: 'The receiver did not answer with a 2xx status.', responseStatus: 503 });
    }
    expect(waits).toEqual([5, 300, 1800, 7200, 18_000, 'failed']);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(6);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    await attempt(id);
    expect(receiver.received).toHaveLength(6);
  });

  it('waits as long as Retry-After asks', async () => {
    await subscribe();
    receiver.answer((response) => response.writeHead(429, { 'retry-after': '600' }).end());
    const now = new Date();
    expect((await attempt(await pend(), now)).nextAttemptAt.getTime()).toBe(now.getTime() + 600_000);
  });

  it('is not made before it is due', async () => {
    await subscribe();
    const id = await pend();
    await db.delivery.update({ where: { id }, data: { nextAttemptAt: new Date(Date.now() + 60_000) } });
    await deliverWebhook(id, 'wrk_test');
    expect(receiver.received).toHaveLength(0);
  });

  it('that another worker has taken over meanwhile is left to that one', async () => {
    await subscribe();
    const id = await pend();
    receiver.answer(async (response) => {
      await db.delivery.update({ where: { id }, data: { fence: { increment: 1 }, claimedBy: 'wrk_other' } });
      response.writeHead(200).end();
    });
    expect(await attempt(id)).toMatchObject({ state: 'pending', attempts: 0, claimedBy: 'wrk_other', responseStatus: null });
  });

  it('fails a try where it is redirected, and is not led away', async () => {
    await subscribe();
    receiver.answer((response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await attempt(await pend())).toMatchObject({ state: 'pending', responseStatus: 302, lastError: expect.stringContaining('redirect') });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it.each([
    ['an address inside', 'http://[::1]:9/', /not a public one/],
    ['nobody', 'http://127.0.0.1:1/', /could not be reached/],
  ])('to %s fails a try and says why', async (_, url, reason) => {
    await subscribe(url);
    expect(await attempt(await pend())).toMatchObject({ state: 'pending', attempts: 1, responseStatus: null, lastError: expect.stringMatching(reason) });
  });

  it('whose secret does not open fails a try and says why', async () => {
    const { id } = await subscribe();
    await db.webhookEndpoint.update({ where: { id }, data: { secretVersion: 7 } });
    expect(await attempt(await pend())).toMatchObject({ state: 'pending', lastError: expect.stringContaining('Rotate the secret') });
    expect(receiver.received).toHaveLength(0);
  });

  it('goes out again on demand under the same id', async () => {
    const { id: endpointId } = await subscribe();
    const id = await pend();
    await attempt(id);
    expect(await redeliver(context, endpointId, id)).toMatchObject({ state: 'pending', attempts: 0, delivered_at: null });
    expect(await attempt(id)).toMatchObject({ state: 'delivered', attempts: 1 });
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });
});

describe('an endpoint', () => {
  it('that answers 410 is disabled, and told no more until it is active again', async () => {
    const { id: endpointId } = await subscribe();
    const [first, second] = [await pend(), await pend()];
    receiver.answer((response) => response.writeHead(410).end());
    expect(await attempt(first)).toMatchObject({ state: 'failed', attempts: 1, lastError: expect.stringContaining('410'), endpoint: { isActive: false } });
    expect(await db.auditEvent.findFirst({ where: { organizationId, action: 'webhook.disabled' } })).toMatchObject({
      actorKind: 'system',
      metadata: { webhook_endpoint_id: endpointId, host: `127.0.0.1:${receiver.port}` },
    });
    expect(await attempt(second)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await happen()).toEqual([]);
    expect(receiver.received).toHaveLength(1);

    receiver.answer((response) => response.writeHead(200).end());
    await updateWebhookEndpoint(context, endpointId, { is_active: true });
    expect(await attempt(second)).toMatchObject({ state: 'delivered' });
  });

  it('whose secret was rotated is signed for with both for a day', async () => {
    const { id, secret: former } = await subscribe();
    const { plaintext_secret: present } = await rotateEndpointSecret(context, id);
    const signedFor = async (now: Date) => {
      await attempt(await pend(), now);
      const { headers, body } = receiver.received.at(-1)!;
      vi.setSystemTime(now);
      const accepts = [present, former].map((secret) => {
        try {
          return Boolean(new Webhook(secret).verify(body, headers as Record<string, string>));
        } catch {
          return false;
        }
      });
      vi.useRealTimers();
      return accepts;
    };
    expect(await signedFor(new Date())).toEqual([true, true]);
    expect(await signedFor(new Date(Date.now() + 25 * 3_600_000))).toEqual([true, false]);
  });
});

describe('an event', () => {
  it('is told to the active endpoints of its organization that asked for its type', async () => {
    const told = await Promise.all([
      subscribe(receiver.url, ['*']),
      subscribe(receiver.url, ['job.*']),
      subscribe(receiver.url, ['credentials.*', 'job.failed']),
    ]);
    await subscribe(receiver.url, ['credentials.*', 'job.completed']);
    const disabled = await subscribe();
    await updateWebhookEndpoint(context, disabled.id, { is_active: false });
    const mine = context;
    context = systemContext(await makeOrganization());
    await subscribe();
    context = mine;
    const messages = await happen();
    const rows = await Promise.all(messages.map(({ deliveryId }) => read(deliveryId)));
    expect(rows.map(({ endpointId }) => endpointId).toSorted()).toEqual(told.map(({ id }) => id).toSorted());
    expect(messages.map(({ lane }) => lane)).toEqual(messages.map(() => `webhook 127.0.0.1:${receiver.port}`));
  });

  it('is not told where what it tells of did not happen', async () => {
    await subscribe();
    const broken = db.$transaction(async (tx) => {
      await recordEvent(tx, { organizationId, projectId: 'prj_1', type: 'job.failed', data: {} });
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    expect(await db.event.count({ where: { organizationId } })).toBe(0);
    expect(await db.delivery.count({ where: { organizationId } })).toBe(0);
  });
});
