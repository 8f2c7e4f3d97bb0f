import { beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import { call, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { GET as getMe } from './me/route.ts';
import { DELETE } from './organizations/[organizationId]/api-keys/[keyId]/route.ts';
import { GET, POST } from './organizations/[organizationId]/api-keys/route.ts';
import { GET as listAudit } from './organizations/[organizationId]/audit-events/route.ts';

let organizationId: string;
let headers: Record<string, string>;
beforeEach(async () => {
  organizationId = await makeOrganization();
  headers = await memberHeaders(organizationId, 'owner');
});

const create = (body: object, as = headers) =>
  call(POST, { method: 'POST', headers: as, params: { organizationId }, body: { name: 'CI', scopes: ['projects:read'], ...body } });

describe('API keys', () => {
  it('are shown once, work, are listed without themselves, and are dead when revoked', async () => {
    const { status, body } = await create({});
    expect(status).toBe(201);
    const { plaintext_api_key: key, api_key: made } = body;
    expect(key).toMatch(/^rk_live_/);
    expect(made).toMatchObject({
      name: 'CI',
      key_prefix: key.slice(0, 12),
      scopes: ['projects:read'],
      source: 'dashboard',
      is_active: true,
      revoked_at: null,
      last_used_at: null,
    });

    const asKey = { authorization: `Bearer ${key}` };
    expect((await call(getMe, { headers: asKey })).body.principal).toEqual({
      auth_source: 'api_key',
      organization_id: organizationId,
      scopes: ['projects:read'],
      is_admin: false,
    });
    const list = await call(GET, { headers, params: { organizationId } });
    expect(list.body.api_keys).toMatchObject([{ id: made.id, last_used_at: expect.any(String) }]);
    expect(JSON.stringify(list.body)).not.toContain(key);
    const row = await db.apiKey.findUniqueOrThrow({ where: { id: made.id } });
    expect(JSON.stringify(row)).not.toContain(key.slice(12));

    const revoke = () => call(DELETE, { method: 'DELETE', headers, params: { organizationId, keyId: made.id } });
    expect((await revoke()).status).toBe(204);
    expect((await call(getMe, { headers: asKey })).status).toBe(401);
    expect((await revoke()).status).toBe(204);
    const actions = await db.auditEvent.findMany({ where: { organizationId }, orderBy: { createdAt: 'asc' }, select: { action: true } });
    expect(actions).toEqual([{ action: 'api_key.created' }, { action: 'api_key.revoked' }]);
    const events = await db.event.findMany({ where: { organizationId }, orderBy: { createdAt: 'asc' } });
    expect(events.map(({ type }) => type)).toEqual(['vector.api-key.created', 'vector.api-key.deleted']);
    expect(JSON.stringify(events)).not.toContain(key.slice(12));
  });

  it.each([
    ['no scope', { scopes: [] }, 'scopes', /Choose one/],
    ['an unknown scope', { scopes: ['everything'] }, 'scopes.0', /Give one of/],
    ['no name', { name: '' }, 'name', /Name the key/],
    ['an end in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at', /future/],
    ['an end that is no time', { expires_at: 'tomorrow' }, 'expires_at', /Give a time such as/],
    ['an unknown project', { project_id: newId('prj') }, 'project_id', /no such project/],
  ])('are refused with %s', async (_name, body, field, mend) => {
    expect(await create(body)).toMatchObject({ status: 422, body: { errors: { [field]: [expect.stringMatching(mend)] } } });
  });

  it('cannot be given more than their maker has', async () => {
    const maker = await keyHeaders(organizationId, { scopes: ['api-keys:manage'] as Scope[] });
    expect(await create({ scopes: ['credentials:read'] }, maker)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('credentials:read') } });
    expect((await create({ scopes: ['api-keys:manage'] }, maker)).status).toBe(201);
  });
});

describe('audit events', () => {
  const list = (query: string) => call(listAudit, { headers, params: { organizationId }, path: `/api/v1/organizations/x/audit-events?${query}` });
  const ids = (body: { audit_events: { id: string }[] }) => body.audit_events.map((event) => event.id);

  it('come newest first, page by page, none twice and none missing though many share a moment', async () => {
    const at = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(n / 4)));
    const rows = Array.from({ length: 11 }, (_, n) => ({
      id: newId('aud'),
      organizationId,
      action: 'project.updated',
      actorKind: 'system' as const,
      actorName: 'rekey',
      createdAt: at(n),
    }));
    await db.auditEvent.createMany({ data: rows });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await list(`limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...ids(body));
      cursor = body.next_cursor ?? '';
    } while (cursor);
    const expected = rows.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1)).map((row) => row.id);
    expect(seen).toEqual(expected);
  });

  it('are found by action, actor and time', async () => {
    const row = (action: string, actorName: string, day: number) => ({
      id: newId('aud'),
      organizationId,
      action,
      actorKind: 'user' as const,
      actorId: `usr_${actorName}`,
      actorName,
      createdAt: new Date(Date.UTC(2026, 0, day)),
    });
    const rows = [row('project.adopted', 'ada', 1), row('project.updated', 'ada', 2), row('project.updated', 'bob', 3)];
    await db.auditEvent.createMany({ data: rows });
    const [first, second, third] = rows.map((one) => one.id);
    expect(ids((await list('action=project.updated')).body)).toEqual([third, second]);
    expect(ids((await list('actor=ada')).body)).toEqual([second, first]);
    expect(ids((await list('actor=usr_bob')).body)).toEqual([third]);
    expect(ids((await list('from=2026-01-02T00:00:00Z&to=2026-01-03T00:00:00Z')).body)).toEqual([second]);
    expect(ids((await list('from=2026-01-02T01:00:00%2B01:00')).body)).toEqual([third, second]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['from=yesterday', 'from'],
  ])('are refused for %s', async (query, field) => {
    expect(await list(query)).toMatchObject({ status: 422, body: { errors: { [field]: [expect.any(String)] } } });
  });
});
