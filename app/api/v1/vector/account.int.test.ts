import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '#lib/kernel/db.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import * as unknown from './[...unknown]/route.ts';
import { GET as account } from './account/route.ts';
import { DELETE } from './api-keys/[keyId]/route.ts';
import { GET, POST } from './api-keys/route.ts';
import { GET as events } from './events/route.ts';

let organizationId: string;
let headers: Record<string, string>;
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
});

const create = (body: object) => call(POST, { method: 'POST', headers, body });

it('an account is the organization', async () => {
  expect(await call(account, { headers })).toMatchObject({
    status: 200,
    body: { data: { id: organizationId, name: 'Example Co' }, message: 'Account retrieved successfully', http_status: 200 },
  });
});

describe('keys', () => {
  it('are made with a token that is shown once, listed without it, and deleted', async () => {
    const made = await create({ name: 'CI', abilities: ['projects:read'], expires_at: '2099-01-01T00:00:00Z' });
    expect(made).toMatchObject({ status: 201, body: { message: 'API key created successfully', http_status: 201 } });
    const { token, ...key } = made.body.data;
    expect(key).toEqual({
      id: expect.stringMatching(/^key_/),
      name: 'CI',
      abilities: ['projects:read'],
      last_used_at: null,
      expires_at: '2099-01-01T00:00:00.000Z',
      created_at: expect.any(String),
    });
    expect((await call(account, { headers: { authorization: `Bearer ${token}` } })).body.data.abilities).toEqual(['projects:read']);
    const listed = await call(GET, { headers });
    expect(listed.body.data[0]).toEqual({ ...key, last_used_at: expect.any(String) });
    expect(JSON.stringify(listed.body)).not.toContain(token);
    expect(await call(DELETE, { method: 'DELETE', headers, params: { keyId: key.id } })).toMatchObject({ status: 200, body: { data: {}, http_status: 200 } });
    expect((await call(account, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    expect((await call(GET, { headers })).body.meta.total).toBe(1);
  });

  it('without abilities may all that their maker may, and no more', async () => {
    headers = await keyHeaders(organizationId, { scopes: ['api-keys:manage', 'projects:read'] });
    expect((await create({ name: 'same' })).body.data.abilities).toEqual(['api-keys:manage', 'projects:read']);
    expect((await create({ name: 'all', abilities: ['*'] })).body.data.abilities).toEqual(['api-keys:manage', 'projects:read']);
    expect(await create({ name: 'more', abilities: ['credentials:read'] })).toMatchObject({ status: 403, body: { http_status: 403, data: {} } });
  });

  it('are told in pages', async () => {
    for (let n = 1; n <= 4; n++) await create({ name: `key ${n}` });
    const { body } = await call(GET, { headers, path: '/api/v1/vector/api-keys?page=2&per_page=2' });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['key 2', 'key 1']);
    expect(body.meta).toEqual({ current_page: 2, from: 3, to: 4, total: 5, per_page: 2, last_page: 3 });
    expect(body.links).toEqual({
      first: 'http://127.0.0.1:3000/api/v1/vector/api-keys?page=1&per_page=2',
      last: 'http://127.0.0.1:3000/api/v1/vector/api-keys?page=3&per_page=2',
      prev: 'http://127.0.0.1:3000/api/v1/vector/api-keys?page=1&per_page=2',
      next: 'http://127.0.0.1:3000/api/v1/vector/api-keys?page=3&per_page=2',
    });
    const beyond = await call(GET, { headers, path: '/api/v1/vector/api-keys?page=9' });
    expect(beyond.body).toMatchObject({ data: [], meta: { current_page: 9, from: null, to: null, per_page: 15, last_page: 1 }, links: { next: null } });
  });
});

describe('refusals', () => {
  it.each([
    ['nobody', async () => ({}), {}, 401, 'Unauthenticated'],
    ['a viewer', () => memberHeaders(organizationId, 'viewer'), {}, 403, expect.stringContaining('yours is viewer')],
    ['a body that is wrong', async () => headers, { name: '', abilities: [], colour: 'red' }, 422, 'Validation failed'],
  ])('of %s have the form of the dialect', async (_, who, body, status, message) => {
    const answer = await call(POST, { method: 'POST', headers: await who(), body });
    expect(answer).toMatchObject({ status, body: { data: {}, message, http_status: status, code: expect.any(String) } });
    expect(answer.headers.get('x-request-id')).toBe(answer.body.request_id);
    if (status === 422) expect(answer.body.errors).toEqual({ name: ['Name the key after what uses it.'], abilities: [expect.any(String)] });
  });

  it('of an address or an id that is not there, too', async () => {
    expect(await call(unknown.GET, { path: '/api/v1/vector/nowhere' })).toMatchObject({ status: 404, body: { data: {}, http_status: 404 } });
    expect(await call(DELETE, { method: 'DELETE', headers, params: { keyId: 'key_no' } })).toMatchObject({
      status: 404,
      body: { data: {}, message: 'There is no such API key.', http_status: 404 },
    });
    expect(await call(GET, { headers, path: '/api/v1/vector/api-keys?per_page=101' })).toMatchObject({
      status: 422,
      body: { errors: { per_page: ['Use 100 at most.'] } },
    });
  });
});

describe('events', () => {
  const ask = async (query = '') => {
    const { body } = await call(events, { headers, path: `/api/v1/vector/events${query}` });
    return body.data as { event: string; id: string; created_at: string }[];
  };
  const namesOf = (list: { event: string }[]) => list.map(({ event }) => event);

  it('are the audit log in the words of the dialect, filtered', async () => {
    const { id } = (await create({ name: 'one' })).body.data;
    const other = (await create({ name: 'two' })).body.data;
    await call(DELETE, { method: 'DELETE', headers, params: { keyId: id } });
    const [deleted] = await ask();
    expect(deleted).toEqual({
      id: expect.stringMatching(/^aud_/),
      event: 'vector.api-key.deleted',
      type: 'vector.api-key.deleted',
      model_type: 'api-key',
      model_id: id,
      actor: { type: 'api_key', id: expect.any(String), name: 'test', ip: '', token_name: 'test' },
      resource: { type: 'api-key', id },
      metadata: { api_key_id: id, name: 'one' },
      context: { api_key_id: id, name: 'one' },
      occurred_at: expect.any(String),
      created_at: deleted?.created_at,
    });
    expect(namesOf(await ask(`?resource_id=${id}`))).toEqual(['vector.api-key.deleted', 'vector.api-key.created']);
    expect(await ask('?event=vector.api-key.created&resource_type=api-key')).toHaveLength(2);
    expect(await ask(`?event=vector.api-key.created&resource_id=${other.id}&type=api-key`)).toHaveLength(1);
    expect(await ask('?type=webhook')).toEqual([]);
    expect(await ask('?event=vector.nothing.ever')).toEqual([]);
    expect(await ask('?to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await ask(`?from=${new Date(Date.now() - 60_000).toISOString()}`)).toHaveLength(3);
  });

  it('are those of one’s own organization', async () => {
    await create({ name: 'one' });
    headers = await keyHeaders(await makeOrganization());
    expect(await ask()).toEqual([]);
    expect(await db.auditEvent.count({ where: { organizationId } })).toBe(1);
  });
});
