import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Dialect } from '#lib/contract/webhook.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { claimDeliveries } from '#lib/outbox/claim-deliveries.ts';
import { pruneEvents } from '#lib/outbox/prune-events.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { joinWorkers } from '#lib/queue/worker-presence.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { type Receiver, startReceiver } from '#scripts/testing/receiver.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { createWebhookEndpoint } from './create-webhook-endpoint.ts';
import { Deliverer } from './deliverer.ts';
import { listDeliveries, redeliver } from './deliveries.ts';
import { deleteWebhookEndpoint, listWebhookEndpoints, rotateEndpointSecret, updateWebhookEndpoint } from './endpoints.ts';

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
  // What an earlier test left would be due too.
  await db.delivery.deleteMany();
});
afterEach(() => receiver.stop());

const subscribe = async (url = receiver.url, eventTypes = ['job.*'], dialect: Dialect = 'standard') => {
  const { webhook_endpoint: endpoint, plaintext_secret: secret } = await createWebhookEndpoint(context, { url, event_types: eventTypes, dialect });
  return { id: endpoint.id, secret: secret ?? '' };
};
const happen = () => db.$transaction((tx) => recordEvent(tx, { organizationId, projectId: newId('prj'), type: 'job.failed', data: { job_id: 'job_1' } }));
const read = (id: string) => db.delivery.findUniqueOrThrow({ where: { id }, include: { endpoint: true, event: true, log: { orderBy: { fence: 'asc' } } } });
const deliveriesOf = (messages: { eventId: string }[]) => db.delivery.findMany({ where: { eventId: { in: messages.map(({ eventId }) => eventId) } } });

/** One event, and its delivery to the one endpoint. */
async function pend(): Promise<string> {
  const [delivery] = await deliveriesOf(await happen());
  if (!delivery) throw new Error('nobody is told');
  return delivery.id;
}

/** One try at what is due. */
async function deliverDue(now = new Date()): Promise<void> {
  const deliverer = new Deliverer('wrk_test', () => now);
  deliverer.wake();
  await deliverer.drain();
}

/** One try, now, whenever the next one is due; `clock` stands still. */
async function attempt(id: string, now = new Date()) {
  await db.delivery.update({ where: { id }, data: { nextAttemptAt: new Date(0) } });
  await deliverDue(now);
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
      expect({ lastError, responseStatus }).toEqual({ lastError: expect.stringContaining('did not answer with a 2xx status'), responseStatus: 503 });
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
    await deliverDue();
    expect(receiver.received).toHaveLength(0);
  });

  it('that another worker has taken over meanwhile is left to that one', async () => {
    await subscribe();
    const id = await pend();
    receiver.answer(async (response) => {
      await db.delivery.update({ where: { id }, data: { fence: { increment: 1 }, claimedBy: 'wrk_other' } });
      response.writeHead(200).end();
    });
    expect(await attempt(id)).toMatchObject({ state: 'pending', attempts: 1, claimedBy: 'wrk_other', responseStatus: null });
  });

  it('fails a try where it is redirected, and is not led away', async () => {
    await subscribe();
    receiver.answer((response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await attempt(await pend())).toMatchObject({ state: 'pending', responseStatus: 302, lastError: expect.stringContaining('redirect') });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it.each([
    ['an address inside', 'http://[::1]:9/', /not public/],
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

  it('goes out again on demand as another delivery of the same event', async () => {
    const { id: endpointId } = await subscribe();
    const id = await pend();
    await attempt(id);
    const again = await redeliver(context, endpointId, id);
    expect(again).toMatchObject({ id: expect.not.stringMatching(id), state: 'pending', attempts: 0, delivered_at: null, attempt_log: [] });
    expect(await attempt(again.id)).toMatchObject({ state: 'delivered', attempts: 1 });
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('that is pending is tried at once on demand, as it is', async () => {
    const { id: endpointId } = await subscribe();
    const id = await pend();
    await db.delivery.update({ where: { id }, data: { nextAttemptAt: new Date(Date.now() + 60_000) } });
    expect(await redeliver(context, endpointId, id)).toMatchObject({ id, state: 'pending' });
    await deliverDue();
    expect(await read(id)).toMatchObject({ state: 'delivered' });
  });
});

describe('the log of a delivery', () => {
  it('keeps of each try what was sent and answered, without a signature that could be used', async () => {
    const { id: endpointId } = await subscribe();
    const id = await pend();
    receiver.answer((response) => response.writeHead(503, { 'content-type': 'text/plain', 'set-cookie': 'sid=1' }).end('busy\u0000\u001b[31m'));
    const first = await attempt(id);
    receiver.answer((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{ "ok": true }'));
    await attempt(id);
    const [delivery] = await listDeliveries(context, endpointId, 10);
    expect(delivery).toMatchObject({ id, latency_ms: expect.any(Number), request_body: receiver.received[0]?.body });
    expect(delivery?.attempt_log).toEqual([
      {
        number: 2,
        at: expect.any(String),
        latency_ms: delivery?.latency_ms,
        request_headers: expect.objectContaining({ 'webhook-id': first.eventId, 'webhook-signature': expect.stringMatching(/^v1,.{4}….{4}$/) }),
        response_status: 200,
        response_headers: { 'content-type': 'application/json' },
        response_body: '{ "ok": true }',
        failure: null,
      },
      expect.objectContaining({ number: 1, response_status: 503, response_headers: { 'content-type': 'text/plain' }, response_body: 'busy[31m' }),
    ]);
    const signature = String(receiver.received[1]?.headers['webhook-signature']);
    expect(JSON.stringify(await db.deliveryAttempt.findMany())).not.toContain(signature.slice(3, 20));
  });

  it.each<[string, (response: ServerResponse) => void, { state: string; text?: unknown; failure?: string }]>([
    ['10 MB', (response) => response.writeHead(200).end(Buffer.alloc(10_000_000, 'x')), { state: 'delivered', text: 'x'.repeat(4096) }],
    [
      'garbage',
      (response) => response.writeHead(500).end(Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256))),
      { state: 'pending', text: expect.any(String) },
    ],
    ['what is no HTTP', (response) => response.socket?.end('\u0000\u0001nonsense\r\n\r\n'), { state: 'pending', text: null, failure: 'unreachable' }],
    ['half a body', (response) => response.writeHead(200, { 'content-length': '100' }).end('half', () => response.destroy()), { state: 'delivered' }],
  ])('is written where the receiver answers with %s', async (_, answer, { state, text, ...more }) => {
    await subscribe();
    receiver.answer(answer);
    const row = await attempt(await pend());
    expect(row).toMatchObject({ state, attempts: 1 });
    expect(row.log).toMatchObject([{ ...(text !== undefined && { responseBody: text }), ...more }]);
  });
});

describe('a dialect', () => {
  it.each([
    ['standard', 15_000],
    ['slack', 15_000],
    ['vector', 30_000],
    ['capydb', 15_000],
  ] as const)('%s: its receiver has %i ms to answer', async (dialect, ms) => {
    await subscribe(receiver.url, ['job.*'], dialect);
    const waits = vi.spyOn(AbortSignal, 'timeout');
    expect(await attempt(await pend())).toMatchObject({ state: 'delivered' });
    expect(waits.mock.calls).toEqual([[ms]]);
    waits.mockRestore();
  });

  it('vector: has its headers, one delivery id for all tries, five tries at its times, and is signed for with each secret in turn', async () => {
    const { id: endpointId, secret: former } = await subscribe(receiver.url, ['*'], 'vector');
    const { plaintext_secret: present } = await rotateEndpointSecret(context, endpointId);
    receiver.answer((response) => response.writeHead(503).end());
    await db.delivery.deleteMany();
    const id = await pend();
    const start = Date.now();
    const offsets: (number | string)[] = [];
    let now = new Date(start);
    for (let n = 0; n < 5; n++) {
      const { state, nextAttemptAt } = await attempt(id, now);
      offsets.push(state === 'pending' ? (nextAttemptAt.getTime() - start) / 1000 : state);
      now = nextAttemptAt;
    }
    expect(offsets).toEqual([42, 150, 540, 1800, 'failed']);
    expect(receiver.received).toHaveLength(5);
    for (const [n, { headers, body }] of receiver.received.entries()) {
      expect(headers).toMatchObject({ 'x-vector-event': 'vector.job.failed', 'x-vector-delivery': id });
      expect(JSON.parse(body)).toEqual({ event: 'vector.job.failed', occurred_at: expect.any(String), data: { job_id: 'job_1' } });
      const [t, ...signatures] = String(headers['x-vector-signature']).split(',');
      const mac = (secret: string | null) =>
        `v1=${createHmac('sha256', secret ?? '')
          .update(`${t?.slice(2)}.${body}`)
          .digest('hex')}`;
      expect(signatures).toEqual([mac(n % 2 === 0 ? former : present)]);
    }
  });

  it('capydb: has its documented headers and envelope, and one delivery id for its eight tries', async () => {
    const { secret } = await subscribe(receiver.url, ['*'], 'capydb');
    receiver.answer((response) => response.writeHead(503).end());
    const id = await pend();
    for (let n = 0; n < 7; n++) expect(await attempt(id)).toMatchObject({ state: 'pending', attempts: n + 1, maxAttempts: 8 });
    expect(await attempt(id)).toMatchObject({ state: 'failed', attempts: 8 });
    for (const { headers, body } of receiver.received) {
      expect(headers).toMatchObject({ 'x-capydb-event': 'job.failed', 'x-capydb-delivery': id, 'user-agent': 'capydb-webhooks/1.0' });
      const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-capydb-signature'])) ?? [];
      expect(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')).toBe(v1);
      const project = expect.stringMatching(/^prj_/);
      const data = { project_id: project, job_id: 'job_1' };
      const envelope = { id: expect.stringMatching(/^evt_/), type: 'job.failed', created_at: expect.any(String), data };
      expect(JSON.parse(body)).toEqual({ ...envelope, organization_id: organizationId, project_id: project });
    }
  });

  it('slack: is sent a message without a signature, and has no secret', async () => {
    const { webhook_endpoint: endpoint, plaintext_secret: secret } = await createWebhookEndpoint(context, { url: receiver.url, dialect: 'slack' });
    expect({ secret, at: endpoint.secret_created_at }).toEqual({ secret: null, at: null });
    expect(await attempt(await pend())).toMatchObject({ state: 'delivered' });
    const [sent] = receiver.received;
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ text: 'A job failed', blocks: expect.any(Array) });
    expect(Object.keys(sent?.headers ?? {}).filter((name) => /signature|webhook|vector/.test(name))).toEqual([]);
    await expect(rotateEndpointSecret(context, endpoint.id)).rejects.toThrow('not signed');
  });
});

describe('an endpoint', () => {
  it('that answers 410 is disabled, and told no more until it is active again', async () => {
    const { id: endpointId } = await subscribe();
    const first = await pend();
    receiver.answer((response) => response.writeHead(410).end());
    expect(await attempt(first)).toMatchObject({ state: 'failed', attempts: 1, lastError: expect.stringContaining('410'), endpoint: { isActive: false } });
    expect(await db.auditEvent.findFirst({ where: { organizationId, action: 'webhook.disabled' } })).toMatchObject({
      actorKind: 'system',
      metadata: { webhook_endpoint_id: endpointId, host: `127.0.0.1:${receiver.port}`, reason: 'gone' },
    });
    const { eventId } = await read(first);
    const second = newId('dlv');
    await db.delivery.create({ data: { id: second, organizationId, endpointId, eventId, maxAttempts: 6 } });
    expect(await attempt(second)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await happen()).toEqual([]);
    expect(receiver.received).toHaveLength(1);

    receiver.answer((response) => response.writeHead(200).end());
    expect((await listWebhookEndpoints(context)).webhook_endpoints).toMatchObject([
      { is_active: false, disabled_reason: 'gone', disabled_at: expect.any(String) },
    ]);
    await updateWebhookEndpoint(context, endpointId, { is_active: true });
    expect((await listWebhookEndpoints(context)).webhook_endpoints).toMatchObject([
      { is_active: true, disabled_reason: null, disabled_at: null, failing_since: null },
    ]);
    expect(await attempt(second)).toMatchObject({ state: 'delivered' });
  });

  it('that fails every try for three days is disabled, and a person is told; one answer is enough to go on', async () => {
    const { id: endpointId } = await subscribe();
    const other = await subscribe(receiver.url, ['vector.webhook.updated']);
    const day = (n: number) => new Date(Date.UTC(2026, 10, 1) + n * 86_400_000);
    const fails = (response: ServerResponse) => response.writeHead(500).end();
    const state = async () => (await listWebhookEndpoints(context)).webhook_endpoints.find(({ id }) => id === endpointId);
    receiver.answer(fails);
    await attempt(await pend(), day(0));
    receiver.answer((response) => response.writeHead(200).end());
    await attempt(await pend(), day(2));
    expect(await state()).toMatchObject({ is_active: true, failing_since: null, last_delivered_at: day(2).toISOString() });
    receiver.answer(fails);
    const first = await pend();
    await attempt(first, day(2.5));
    await attempt(first, day(5.4));
    expect(await state()).toMatchObject({ is_active: true, failing_since: day(2.5).toISOString() });
    await attempt(first, day(5.5));
    expect(await state()).toMatchObject({ is_active: false, disabled_reason: 'failing', disabled_at: day(5.5).toISOString() });
    const metadata = { webhook_endpoint_id: endpointId, reason: 'failing' };
    expect(await db.auditEvent.findFirst({ where: { organizationId, action: 'webhook.disabled' } })).toMatchObject({ actorKind: 'system', metadata });
    expect(await listDeliveries(context, other.id, 1)).toMatchObject([
      { event_type: 'vector.webhook.updated', payload: { data: { ...metadata, enabled: false } } },
    ]);
    await updateWebhookEndpoint(context, endpointId, { is_active: true });
    await attempt(first, day(5.6));
    expect(await state()).toMatchObject({ is_active: true, failing_since: day(5.6).toISOString() });
  });

  it('is told of the others’ changes, not of its own beginning', async () => {
    const first = await subscribe(receiver.url, ['vector.webhook.*']);
    const second = await subscribe(receiver.url, ['job.*']);
    await updateWebhookEndpoint(context, second.id, { description: 'CI' });
    await deleteWebhookEndpoint(context, second.id);
    const told = await listDeliveries(context, first.id, 10);
    expect(told.map(({ event_type, payload }) => [event_type, payload.data.webhook_endpoint_id])).toEqual([
      ['vector.webhook.deleted', second.id],
      ['vector.webhook.updated', second.id],
      ['vector.webhook.created', second.id],
    ]);
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
          return Boolean(new Webhook(secret ?? '').verify(body, headers as Record<string, string>));
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

describe('workers', () => {
  it('that look at the same time make each delivery once, eight at once to a receiver; of one that is gone the others make them', async () => {
    await subscribe();
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    receiver.answer(async (response) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise<void>((next) => waiting.push(next));
      open -= 1;
      response.writeHead(200).end();
    });
    await Promise.all(Array.from({ length: 30 }, happen));
    const [one, ...others] = await Promise.all([joinWorkers(), joinWorkers(), joinWorkers()]);
    const claimed = await Promise.all(others.map(({ id }) => claimDeliveries({ workerId: id, limit: 20, inHand: new Map() })));
    const taken = claimed.flatMap((one) => one.claimed.map(({ id }) => id));
    expect(claimed.every(({ claimed: { length }, mayBeMore }) => length <= 8 && mayBeMore === (length === 8))).toBe(true);
    expect(new Set(taken).size).toBe(taken.length);

    const deliverer = new Deliverer(one.id);
    const delivered = async () => {
      for (const next of waiting.splice(0)) next();
      deliverer.wake();
      return db.delivery.count({ where: { state: 'delivered' } });
    };
    await expect.poll(delivered).toBe(30 - taken.length);
    await Promise.all(others.map(({ leave }) => leave()));
    await expect.poll(delivered).toBe(30);
    await Promise.all([deliverer.drain(), one.leave()]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(30);
    expect({ received: receiver.received.length, most }).toEqual({ received: 30, most: 8 });
  });
});

describe('an event', () => {
  it('of more than 30 days ago is forgotten with its deliveries, unless it is still to be told', async () => {
    const { id: endpointId } = await subscribe();
    const [told, pending, young] = [await pend(), await pend(), await pend()];
    const now = new Date();
    const days = (n: number) => new Date(now.getTime() - n * 86_400_000);
    const age = (id: string, at: Date) => db.event.updateMany({ where: { deliveries: { some: { id } } }, data: { createdAt: at } });
    await Promise.all([age(told, days(30.1)), age(pending, days(30.1)), age(young, days(29.9))]);
    await db.delivery.updateMany({ where: { id: { in: [told, young] } }, data: { state: 'delivered' } });
    const left = async () => (await db.delivery.findMany({ where: { endpointId }, orderBy: { createdAt: 'asc' } })).map(({ id }) => id);
    expect(await pruneEvents(30)).toBe(1);
    expect(await left()).toEqual([pending, young]);
    await updateWebhookEndpoint(context, endpointId, { is_active: false });
    expect(await pruneEvents(30)).toBe(1);
    expect(await left()).toEqual([young]);
  });

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
    expect(messages).toHaveLength(1);
    expect((await deliveriesOf(messages)).map(({ endpointId }) => endpointId).toSorted()).toEqual(told.map(({ id }) => id).toSorted());
  });

  it('is not told where what it tells of did not happen', async () => {
    await subscribe();
    await db.event.deleteMany();
    const broken = db.$transaction(async (tx) => {
      await recordEvent(tx, { organizationId, projectId: 'prj_1', type: 'job.failed', data: {} });
      throw new Error('rolled back');
    });
    await expect(broken).rejects.toThrow('rolled back');
    expect(await db.event.count({ where: { organizationId } })).toBe(0);
    expect(await db.delivery.count({ where: { organizationId } })).toBe(0);
  });
});

itRecords('webhook.disabled');
