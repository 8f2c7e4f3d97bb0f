import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { type Answer, call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { POST as redeliver } from './organizations/[organizationId]/webhook-endpoints/[endpointId]/deliveries/[deliveryId]/redeliver/route.ts';
import { GET as listDeliveries } from './organizations/[organizationId]/webhook-endpoints/[endpointId]/deliveries/route.ts';
import { POST as rotateSecret } from './organizations/[organizationId]/webhook-endpoints/[endpointId]/rotate-secret/route.ts';
import { DELETE, PATCH } from './organizations/[organizationId]/webhook-endpoints/[endpointId]/route.ts';
import { POST as test } from './organizations/[organizationId]/webhook-endpoints/[endpointId]/test/route.ts';
import { GET, POST } from './organizations/[organizationId]/webhook-endpoints/route.ts';

const URL_WITH_TOKEN = 'https://hooks.example.com/rekey?token=abc';

let organizationId: string;
let headers: Record<string, string>;
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await memberHeaders(organizationId, 'owner');
});

type Handler = typeof GET;
const send = (handler: Handler, method: string, params: Record<string, string> = {}, body: unknown = {}): Promise<Answer> =>
  call(handler, { method, headers, params: { organizationId, ...params }, ...(method !== 'GET' && { body }) });
const create = (body: object = {}) => send(POST, 'POST', {}, { url: URL_WITH_TOKEN, ...body });
const audited = async () => {
  const rows = await db.auditEvent.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'asc' }] });
  return rows.map(({ action }) => action);
};

describe('webhook endpoints', () => {
  it('are made with a secret that is shown once, listed without it, changed and deleted', async () => {
    const made = await create({ event_types: ['credentials.*', 'job.failed'], description: 'CI' });
    expect(made.status).toBe(201);
    const { webhook_endpoint: endpoint, plaintext_secret: secret } = made.body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^whe_/),
      organization_id: organizationId,
      dialect: 'standard',
      url: URL_WITH_TOKEN,
      description: 'CI',
      event_types: ['credentials.*', 'job.failed'],
      is_active: true,
      disabled_at: null,
      disabled_reason: null,
      failing_since: null,
      last_delivered_at: null,
      secret_created_at: expect.any(String),
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await send(GET, 'GET')).body).toEqual({ webhook_endpoints: [endpoint] });
    const row = await db.webhookEndpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
    expect(JSON.stringify(row)).not.toContain(secret.slice(6));

    const changed = await send(PATCH, 'PATCH', { endpointId: endpoint.id }, { event_types: ['*'], description: null, is_active: false });
    expect(changed).toMatchObject({
      status: 200,
      body: { webhook_endpoint: { url: URL_WITH_TOKEN, event_types: ['*'], description: null, is_active: false } },
    });

    const rotated = await send(rotateSecret, 'POST', { endpointId: endpoint.id });
    expect(rotated).toMatchObject({ status: 200, body: { plaintext_secret: expect.stringMatching(/^whsec_/), webhook_endpoint: { id: endpoint.id } } });
    expect(rotated.body.plaintext_secret).not.toBe(secret);

    expect((await send(DELETE, 'DELETE', { endpointId: endpoint.id })).status).toBe(204);
    expect((await send(GET, 'GET')).body).toEqual({ webhook_endpoints: [] });
    expect(await audited()).toEqual(['webhook.created', 'webhook.updated', 'webhook.secret_rotated', 'webhook.deleted']);
    const audit = JSON.stringify(await db.auditEvent.findMany({ where: { organizationId } }));
    expect(audit).toContain('hooks.example.com');
    expect(audit).not.toContain('token=abc');
  });

  it('of Slack have no secret, and none to rotate', async () => {
    const { status, body } = await create({ dialect: 'slack' });
    expect({ status, body }).toMatchObject({ status: 201, body: { plaintext_secret: null, webhook_endpoint: { dialect: 'slack', secret_created_at: null } } });
    expect(await send(rotateSecret, 'POST', { endpointId: body.webhook_endpoint.id })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('not signed') },
    });
  });

  it('are told of everything where no types are named', async () => {
    expect((await create()).body.webhook_endpoint.event_types).toEqual(['*']);
    expect((await create({ event_types: [] })).body.webhook_endpoint.event_types).toEqual(['*']);
  });

  it.each([
    ['another protocol', { url: 'ftp://example.com/' }, 'url'],
    ['no URL at all', { url: 'example.com' }, 'url'],
    ['a login in the URL', { url: 'https://user:pass@example.com/' }, 'url'],
    ['an unknown event type', { event_types: ['credentials.viewed'] }, 'event_types.0'],
    ['an unknown dialect', { dialect: 'teams' }, 'dialect'],
    ['an unknown field', { secret: 'mine' }, 'secret'],
  ])('are refused with %s', async (_, body, field) => {
    expect(await create(body)).toMatchObject({ status: 422, body: { errors: { [field]: [expect.any(String)] } } });
    expect(await db.webhookEndpoint.count({ where: { organizationId } })).toBe(0);
  });

  it('of another organization are not known under our address', async () => {
    const { body } = await create();
    const endpointId = body.webhook_endpoint.id;
    const { body: sent } = await send(test, 'POST', { endpointId });
    organizationId = await makeOrganization();
    headers = await keyHeaders(organizationId);
    const at = { endpointId, deliveryId: sent.delivery.id };
    const answers = await Promise.all([
      send(PATCH, 'PATCH', at, { is_active: false }),
      send(DELETE, 'DELETE', at),
      send(rotateSecret, 'POST', at),
      send(test, 'POST', at),
      send(listDeliveries, 'GET', at),
      send(redeliver, 'POST', at),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    expect(await db.webhookEndpoint.findUniqueOrThrow({ where: { id: endpointId } })).toMatchObject({ isActive: true, secretVersion: 1 });
  });
});

describe('deliveries', () => {
  it('of a test event are listed with what is sent, and may be sent again', async () => {
    const endpointId = (await create({ event_types: ['credentials.*'] })).body.webhook_endpoint.id;
    const { status, body } = await send(test, 'POST', { endpointId });
    expect(status).toBe(200);
    expect(body.delivery).toMatchObject({
      endpoint_id: endpointId,
      event_type: 'webhook.test',
      state: 'pending',
      attempts: 0,
      max_attempts: 6,
      response_status: null,
      last_error: null,
      delivered_at: null,
      payload: { id: expect.stringMatching(/^evt_/), type: 'webhook.test', organization_id: organizationId, data: {} },
    });
    const { id: deliveryId } = body.delivery;
    expect((await send(listDeliveries, 'GET', { endpointId })).body.deliveries).toMatchObject([{ id: deliveryId }]);
    // An attempt in progress has not ended.
    await db.delivery.update({ where: { id: deliveryId }, data: { attempts: 1, claimedBy: 'wrk_1' } });
    expect((await send(listDeliveries, 'GET', { endpointId })).body.deliveries).toMatchObject([{ id: deliveryId, attempts: 0 }]);

    await db.delivery.update({ where: { id: deliveryId }, data: { state: 'failed', attempts: 6, claimedBy: null, lastError: 'x' } });
    const again = await send(redeliver, 'POST', { endpointId, deliveryId });
    expect(again).toMatchObject({
      status: 200,
      body: { delivery: { id: expect.not.stringMatching(deliveryId), state: 'pending', attempts: 0, payload: body.delivery.payload } },
    });
    expect((await send(redeliver, 'POST', { endpointId, deliveryId: newId('dlv') })).status).toBe(404);
  });

  it('to a disabled endpoint are refused', async () => {
    const endpointId = (await create()).body.webhook_endpoint.id;
    const { body } = await send(test, 'POST', { endpointId });
    await send(PATCH, 'PATCH', { endpointId }, { is_active: false });
    const answers = await Promise.all([send(test, 'POST', { endpointId }), send(redeliver, 'POST', { endpointId, deliveryId: body.delivery.id })]);
    expect(answers).toMatchObject([
      { status: 409, body: { detail: expect.stringContaining('disabled') } },
      { status: 409, body: { detail: expect.stringContaining('disabled') } },
    ]);
    expect(await db.delivery.count({ where: { endpointId } })).toBe(1);
  });
});

itRecords('webhook.created', 'webhook.updated', 'webhook.deleted', 'webhook.secret_rotated');
