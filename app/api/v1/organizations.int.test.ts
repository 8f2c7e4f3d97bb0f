import { beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, recordAudit } from '#lib/audit/record-audit.ts';
import type { AuditAction } from '#lib/contract/audit-actions.ts';
import type { Scope } from '#lib/contract/scopes.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, from, keyHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET as getMe } from './me/route.ts';
import { POST as ROTATE } from './organizations/[organizationId]/api-keys/[keyId]/rotate/route.ts';
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
    const shown = (await call(GET, { headers, params: { organizationId } })).body.api_keys[0];
    expect(shown).toMatchObject({ is_active: false, revoked_by: expect.stringContaining('@example.com') });
    expect((await revoke()).status).toBe(204);
    const actions = await db.auditEvent.findMany({ where: { organizationId }, orderBy: { seq: 'asc' }, select: { action: true, outcome: true, keyId: true } });
    expect(actions).toEqual([
      { action: 'api_key.created', outcome: 'done', keyId: null },
      { action: 'api_key.revoked', outcome: 'done', keyId: null },
      { action: 'api_key.refused', outcome: 'refused', keyId: made.id },
    ]);
    const events = await db.event.findMany({ where: { organizationId }, orderBy: { createdAt: 'asc' } });
    expect(events.map(({ type }) => type)).toEqual(['vector.api-key.created', 'vector.api-key.deleted']);
    expect(JSON.stringify(events)).not.toContain(key.slice(12));
  });

  it('take scopes that are not known here, which permit nothing, and documented ones for what they say', async () => {
    const scopes = ['projects:read', 'backups:write', 'jobs:read', 'api_keys:read', 'a:later:one'];
    const { status, body } = await create({ scopes, device_name: 'laptop' });
    expect({ status, key: body.api_key }).toMatchObject({ status: 201, key: { scopes, device_name: 'laptop' } });
    const bearer = { authorization: `Bearer ${body.plaintext_api_key}` };
    const at = (more: object) => ({ params: { organizationId }, ...more });
    expect((await call(GET, at({ headers: bearer }))).status).toBe(200);
    expect((await call(POST, at({ method: 'POST', headers: bearer, body: { name: 'more', scopes: ['projects:read'] } }))).status).toBe(403);
    // One that has no right to make keys gives none either, under whichever name.
    headers = await keyHeaders(organizationId, { scopes: ['api-keys:manage', 'projects:read'] });
    const statuses = await Promise.all([['api_keys:write'], ['jobs:read'], ['backups:read'], ['organizations:write']].map((some) => create({ scopes: some })));
    expect(statuses.map((answer) => answer.status)).toEqual([201, 201, 201, 403]);
  });

  it.each([
    ['no scope', { scopes: [] }, 'scopes', /Choose one/],
    ['no name', { name: '' }, 'name', /Name the key/],
    ['an end in the past', { expires_at: '2020-01-01T00:00:00Z' }, 'expires_at', /future/],
    ['an end that is no time', { expires_at: 'tomorrow' }, 'expires_at', /Use a time such as/],
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

describe('rotating an API key', () => {
  const rotate = (keyId: string, body: object = {}, as = headers) => call(ROTATE, { method: 'POST', headers: as, params: { organizationId, keyId }, body });
  const statusOf = async (key: string) => (await call(getMe, { headers: { authorization: `Bearer ${key}`, ...from('10.0.7.15') } })).status;
  const listed = async () => (await call(GET, { headers, params: { organizationId } })).body.api_keys;
  const hoursTo = (time: string) => (new Date(time).getTime() - Date.now()) / 3_600_000;

  it('makes another that may the same; the former works for a day, is listed as ending, and ends by itself', async () => {
    const inTenDays = new Date(Date.now() + 240 * 3_600_000).toISOString();
    const { plaintext_api_key: old, api_key: former } = (await create({ expires_at: inTenDays })).body;
    const { status, body } = await rotate(former.id);
    expect(status).toBe(200);
    const { plaintext_api_key: key, api_key: made } = body;
    expect(made).toMatchObject({ name: 'CI', scopes: ['projects:read'], project_id: null, replaced_by_id: null, is_active: true });
    expect(hoursTo(made.expires_at)).toBeCloseTo(240, 1);
    expect([await statusOf(old), await statusOf(key)]).toEqual([200, 200]);
    const [first, second] = await listed();
    expect(first).toMatchObject({ id: made.id, last_used_address: '10.0.7.15' });
    expect(second).toMatchObject({ id: former.id, replaced_by_id: made.id, is_active: true, last_used_address: '10.0.7.15' });
    expect(hoursTo(second.expires_at)).toBeCloseTo(24, 1);
    expect(await rotate(former.id)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('rotated before') } });

    await db.apiKey.update({ where: { id: former.id }, data: { expiresAt: new Date() } });
    expect([await statusOf(old), await statusOf(key)]).toEqual([401, 200]);
    const event = await db.auditEvent.findFirstOrThrow({ where: { organizationId, action: 'api_key.rotated' } });
    expect(event.metadata).toMatchObject({ api_key_id: former.id, new_api_key_id: made.id, former_ends_at: second.expires_at });
    expect(JSON.stringify(event)).not.toContain(key.slice(12));
  });

  it('with no overlap ends the former at once, and never lets it live longer than it would have', async () => {
    const { plaintext_api_key: old, api_key } = (await create({})).body;
    const { plaintext_api_key: key } = (await rotate(api_key.id, { overlap_hours: 0 })).body;
    expect([await statusOf(old), await statusOf(key)]).toEqual([401, 200]);
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const short = (await create({ expires_at: inAnHour })).body.api_key;
    await rotate(short.id, { overlap_hours: 168 });
    expect(await db.apiKey.findUniqueOrThrow({ where: { id: short.id } })).toMatchObject({ expiresAt: new Date(inAnHour) });
  });

  it('happens once of two at a time', async () => {
    const { api_key } = (await create({})).body;
    const answers = await Promise.all([rotate(api_key.id), rotate(api_key.id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await listed()).toHaveLength(2);
  });

  it('is refused for a revoked or expired key, for more than its caller may, and for odd hours', async () => {
    const { api_key } = (await create({ scopes: ['credentials:read'] })).body;
    const maker = await keyHeaders(organizationId, { scopes: ['api-keys:manage'] as Scope[] });
    expect(await rotate(api_key.id, {}, maker)).toMatchObject({ status: 403, body: { detail: expect.stringContaining('credentials:read') } });
    for (const hours of [-1, 169, 1.5])
      expect(await rotate(api_key.id, { overlap_hours: hours })).toMatchObject({ status: 422, body: { errors: { overlap_hours: [expect.any(String)] } } });
    await call(DELETE, { method: 'DELETE', headers, params: { organizationId, keyId: api_key.id } });
    expect(await rotate(api_key.id)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('revoked') } });
    const ended = (await create({})).body.api_key;
    await db.apiKey.update({ where: { id: ended.id }, data: { expiresAt: new Date(0) } });
    expect(await rotate(ended.id)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('expired') } });
    expect(await db.apiKey.count({ where: { organizationId, replacedById: { not: null } } })).toBe(0);
  });
});

describe('audit events', () => {
  const list = (query: string, organization = organizationId) =>
    call(listAudit, { headers, params: { organizationId: organization }, path: `/api/v1/organizations/x/audit-events?${query}` });
  const seqs = (body: { audit_events: { seq: number }[] }) => body.audit_events.map((event) => event.seq);
  const record = (action: AuditAction, name = 'ada', more: Partial<AuditEntry> = {}) => {
    const actor = {
      kind: 'user',
      id: newId('usr'),
      name,
      role: 'admin',
      projectIds: null,
      sessionId: 'ses',
      authenticatedAt: new Date(),
      isFresh: true,
    } as const;
    const context = { organizationId, actor, origin: { address: '10.0.9.12', requestId: 'req_100%' } };
    return db.$transaction((tx) => recordAudit(tx, context, { action, ...more })).then(() => actor.id);
  };

  it('come newest first, page by page, none twice and none missing', async () => {
    for (let n = 0; n < 11; n++) await record('project.updated');
    const seen: number[] = [];
    let cursor = '';
    do {
      const { body } = await list(`limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...seqs(body));
      cursor = body.next_cursor ?? '';
    } while (cursor);
    expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  it('are found by action, actor, outcome, time and what they say', async () => {
    await record('project.adopted');
    await record('project.updated');
    const bob = await record('project.updated', 'bob', { outcome: 'refused', reason: 'Needs the role operator', target: { type: 'project', name: 'shop_db' } });
    const times = (await db.auditEvent.findMany({ where: { organizationId }, orderBy: { seq: 'asc' } })).map(({ createdAt }) => createdAt.getTime());
    const found = async (query: string) => seqs((await list(query)).body);
    expect(await found('action=project.updated')).toEqual([3, 2]);
    expect(await found('actor=ada')).toEqual([2, 1]);
    expect(await found(`actor=${bob}`)).toEqual([3]);
    expect(await found('outcome=refused')).toEqual([3]);
    const expected = [3, 2, 1].filter((seq) => (times[seq - 1] ?? 0) >= (times[1] ?? 0));
    expect(await found(`from=${new Date(times[1] ?? 0).toISOString()}`)).toEqual(expected);
    expect(await found(`to=${new Date((times[2] ?? 0) + 1).toISOString()}`)).toEqual([3, 2, 1]);
    for (const [q, seq] of [
      ['the role OPERATOR', [3]],
      ['shop_d', [3]],
      ['shop%25d', []],
      ['100%25', [3, 2, 1]],
      ['10.0.9', [3, 2, 1]],
    ] as const)
      expect(await found(`q=${q}`)).toEqual(seq);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=many', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['outcome=splendid', 'outcome'],
    ['from=yesterday', 'from'],
  ])('are refused for %s', async (query, field) => {
    expect(await list(query)).toMatchObject({ status: 422, body: { errors: { [field]: [expect.any(String)] } } });
  });
});

itRecords('api_key.created (api-keys)', 'api_key.revoked', 'api_key.rotated', 'api_key.refused');
