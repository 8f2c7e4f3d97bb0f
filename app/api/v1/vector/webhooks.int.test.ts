import { beforeEach, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { type Answer, call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { GET as logs } from './webhooks/[endpointId]/logs/route.ts';
import { POST as rotateSecret } from './webhooks/[endpointId]/rotate-secret/route.ts';
import { DELETE, PUT, GET as read } from './webhooks/[endpointId]/route.ts';
import { GET, POST } from './webhooks/route.ts';

let headers: Record<string, string>;
beforeEach(async () => {
  headers = await keyHeaders(await makeOrganization());
});

const send = (handler: typeof GET, method: string, endpointId = '', body: object = {}): Promise<Answer> =>
  call(handler, { method, headers, params: { endpointId }, ...(method !== 'GET' && { body }) });

it('a webhook is made with a secret that is shown once, listed, changed, logged and deleted', async () => {
  const made = await send(POST, 'POST', '', { type: 'http', url: 'https://hooks.example.com/vector', events: ['vector.site.*', 'vector.webhook.*'] });
  expect(made).toMatchObject({ status: 201, body: { message: 'Webhook created successfully', http_status: 201 } });
  const { secret, ...webhook } = made.body.data;
  expect(secret).toMatch(/^whsec_/);
  expect(webhook).toEqual({
    id: expect.stringMatching(/^whe_/),
    type: 'http',
    type_label: 'Http',
    url: 'https://hooks.example.com/vector',
    events: ['vector.site.*', 'vector.webhook.*'],
    enabled: true,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  expect(await db.webhookEndpoint.findUniqueOrThrow({ where: { id: webhook.id } })).toMatchObject({ dialect: 'vector' });

  const slack = await send(POST, 'POST', '', { type: 'slack', url: 'https://hooks.slack.com/services/x', enabled: false });
  expect(slack.body.data).toMatchObject({ type: 'slack', events: ['*'], enabled: false, secret: null });
  expect((await send(GET, 'GET')).body).toMatchObject({ data: [{ type: 'slack' }, webhook], meta: { total: 2 } });

  const changed = await send(PUT, 'PUT', webhook.id, { type: 'http', enabled: false, events: ['vector.*'] });
  expect(changed).toMatchObject({ status: 200, body: { data: { id: webhook.id, enabled: false, events: ['vector.*'], url: webhook.url } } });
  expect((await send(read, 'GET', webhook.id)).body.data).toEqual(changed.body.data);
  const rotated = await send(rotateSecret, 'POST', webhook.id);
  expect(rotated.body.data).toMatchObject({ id: webhook.id, secret: expect.stringMatching(/^whsec_/) });
  expect(rotated.body.data.secret).not.toBe(secret);

  // It was told of the second one, then of both changes while it was active.
  const { body } = await send(logs, 'GET', webhook.id);
  expect(body.data.map(({ event, status }: Record<string, string>) => [event, status])).toEqual([
    ['vector.webhook.updated', 'pending'],
    ['vector.webhook.created', 'pending'],
  ]);
  expect(await send(DELETE, 'DELETE', webhook.id)).toMatchObject({ status: 200, body: { data: {}, http_status: 200 } });
  expect((await send(read, 'GET', webhook.id)).status).toBe(404);
});

it('what cannot be is refused with the field, and another organization’s is not known', async () => {
  const { body } = await send(POST, 'POST', '', { url: 'https://hooks.example.com/' });
  const { id } = body.data;
  const answers = await Promise.all([
    send(POST, 'POST', '', { url: 'ftp://example.com/' }),
    send(POST, 'POST', '', { url: 'https://example.com/', events: ['vector.*.created'] }),
    send(PUT, 'PUT', id, { type: 'slack' }),
  ]);
  expect(answers.map(({ status, body: refused }) => [status, Object.keys(refused.errors)])).toEqual([
    [422, ['url']],
    [422, ['events.0']],
    [422, ['type']],
  ]);
  headers = await keyHeaders(await makeOrganization());
  const foreign = await Promise.all([
    send(read, 'GET', id),
    send(PUT, 'PUT', id),
    send(DELETE, 'DELETE', id),
    send(logs, 'GET', id),
    send(rotateSecret, 'POST', id),
  ]);
  expect(foreign.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
});
