import { beforeEach, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { openValue } from '#lib/secrets/secrets.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET, POST } from './environments/[environmentId]/secrets/route.ts';
import * as globalSecret from './global-secrets/[secretId]/route.ts';
import * as globalSecrets from './global-secrets/route.ts';
import { DELETE, PUT } from './secrets/[secretId]/route.ts';
import { POST as createEnvironment } from './sites/[siteId]/environments/route.ts';
import { POST as createSite } from './sites/route.ts';

const CANARY = 'v4lue-of-the-secret';

let organizationId: string;
let headers: Record<string, string>;
let environmentId: string;
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  const database = { connection_url: 'postgres://dev:p@127.0.0.1:1/shop' };
  const { id: siteId } = (await send(createSite, 'POST', {}, { partner_customer_id: 'c', database })).body.data;
  environmentId = (await send(createEnvironment, 'POST', { siteId }, { name: 'production' })).body.data.id;
});

const send = (handler: typeof GET, method: string, params: Record<string, string> = {}, body: unknown = {}) =>
  call(handler, { method, headers, params, ...(method !== 'GET' && { body }) });

it('secrets are kept sealed, told by their keys, changed and deleted', async () => {
  const made = await send(POST, 'POST', { environmentId }, { key: 'API_TOKEN', value: CANARY });
  expect(made).toMatchObject({ status: 201, body: { data: { key: 'API_TOKEN', environment_id: environmentId } } });
  const { id: secretId } = made.body.data;
  const shared = await send(globalSecrets.POST, 'POST', {}, { key: 'API_TOKEN', value: 'global' });
  expect(shared.body.data).toMatchObject({ key: 'API_TOKEN', environment_id: null });
  expect((await send(GET, 'GET', { environmentId })).body).toMatchObject({ data: [made.body.data], meta: { total: 1 } });
  expect((await send(globalSecrets.GET, 'GET')).body).toMatchObject({ data: [shared.body.data], meta: { total: 1 } });

  const changed = await send(PUT, 'PUT', { secretId }, { key: 'OTHER', value: `${CANARY}-2` });
  expect(changed.body.data).toMatchObject({ id: secretId, key: 'OTHER' });
  const row = await db.environmentSecret.findUniqueOrThrow({ where: { id: secretId } });
  expect((await openValue(row)).reveal()).toBe(`${CANARY}-2`);
  expect(JSON.stringify([made, changed, row, await db.auditEvent.findMany({ where: { organizationId } })])).not.toContain(CANARY);

  // Each at its own address.
  expect((await send(globalSecret.PUT, 'PUT', { secretId }, { value: 'x' })).status).toBe(404);
  expect((await send(DELETE, 'DELETE', { secretId: shared.body.data.id })).status).toBe(404);
  expect((await send(DELETE, 'DELETE', { secretId, environmentId: 'env_other' })).status).toBe(404);
  expect((await send(DELETE, 'DELETE', { secretId, environmentId })).status).toBe(200);
  expect((await send(globalSecret.DELETE, 'DELETE', { secretId: shared.body.data.id })).status).toBe(200);
  expect(await db.environmentSecret.count({ where: { organizationId } })).toBe(0);
  headers = await keyHeaders(await makeOrganization());
  expect((await send(GET, 'GET', { environmentId })).status).toBe(404);
});

it.each([
  ...['DB_NAME', 'DB_USER', 'DB_PASSWORD', 'DB_HOST', 'DB_CHARSET', 'DB_COLLATE', 'AWS_SECRET_ACCESS_KEY', 'AWS_', 'db_password'].map((key) => ({
    key,
    value: 'x',
  })),
  { key: '1A', value: 'x' },
  { key: 'A B', value: 'x' },
  { key: '', value: 'x' },
])('the key $key is refused', async (body) => {
  expect(await send(POST, 'POST', { environmentId }, body)).toMatchObject({ status: 422, body: { errors: { key: [expect.any(String)] } } });
  expect((await send(globalSecrets.POST, 'POST', {}, body)).status).toBe(422);
  const { id: secretId } = (await send(POST, 'POST', { environmentId }, { key: 'OK', value: 'x' })).body.data;
  expect((await send(PUT, 'PUT', { secretId }, { key: body.key })).status).toBe(422);
});

it('a key is there once for each place', async () => {
  await send(POST, 'POST', { environmentId }, { key: 'A', value: '1' });
  const { id: secretId } = (await send(POST, 'POST', { environmentId }, { key: 'B', value: '1' })).body.data;
  await send(globalSecrets.POST, 'POST', {}, { key: 'A', value: '1' });
  const taken = { status: 422, body: { errors: { key: [expect.stringContaining('already exists')] } } };
  expect(await send(POST, 'POST', { environmentId }, { key: 'A', value: '2' })).toMatchObject(taken);
  expect(await send(globalSecrets.POST, 'POST', {}, { key: 'A', value: '2' })).toMatchObject(taken);
  expect(await send(PUT, 'PUT', { secretId }, { key: 'A' })).toMatchObject(taken);
  expect((await send(PUT, 'PUT', { secretId }, { key: 'B', value: '2' })).status).toBe(200);
});

itRecords('secret.created', 'secret.updated', 'secret.deleted');
