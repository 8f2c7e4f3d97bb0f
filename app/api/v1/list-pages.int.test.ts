// Lists that had no pages: without `limit` they answer what they always did, with it page by page and each row once.
import { beforeAll, expect, it } from 'vitest';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { call, keyHeaders, makeOrganization } from '#scripts/testing/call-api.ts';
import { GET as apiKeys } from './organizations/[organizationId]/api-keys/route.ts';
import { GET as checkpoints } from './organizations/[organizationId]/audit-events/checkpoints/route.ts';
import { GET as departures } from './organizations/[organizationId]/departures/route.ts';
import { GET as members } from './organizations/[organizationId]/members/route.ts';
import { GET as endpoints } from './organizations/[organizationId]/webhook-endpoints/route.ts';
import { GET as jobs } from './projects/[projectId]/jobs/route.ts';
import { POST as createProject } from './projects/route.ts';

let organizationId: string;
let headers: { authorization: string };
beforeAll(async () => {
  organizationId = await makeOrganization();
  headers = await keyHeaders(organizationId);
  // Two and two at the same time: the id decides between them.
  const createdAt = (n: number) => new Date(Date.UTC(2026, 0, 1 + Math.floor(n / 2)));
  for (let n = 0; n < 5; n++) {
    const more = { organizationId, createdAt: createdAt(n) };
    await db.apiKey.create({ data: { id: `key_${n}`, ...more, name: 'k', keyPrefix: 'k', keyHash: `hash ${n}`, scopes: [], source: 'test' } });
    await db.webhookEndpoint.create({ data: { id: `whk_${n}`, ...more, url: 'https://a.example.com/', receiver: 'a', eventTypes: ['*'] } });
    await db.departure.create({ data: { id: `dep_${n}`, ...more, userId: 'u', email: 'a@example.com', removedBy: 'owner' } });
    await db.user.create({ data: { id: `usr_${n}`, email: `${n}@example.com`, passwordHash: '' } });
    await db.member.create({ data: { ...more, userId: `usr_${n}`, role: 'viewer' } });
  }
  await db.$transaction((tx) => recordAudit(tx, systemContext(organizationId), { action: 'project.updated' }));
  for (let number = 1; number <= 5; number++)
    await db.auditCheckpoint.create({ data: { organizationId, number, seq: 1, hmac: 'h', isSeal: false, signature: 's', createdAt: createdAt(number) } });
});

const read = async (handler: typeof apiKeys, query = '') => {
  const { status, body } = await call(handler, { path: `/api/v1/x${query}`, params: { organizationId }, headers });
  expect(status).toBe(200);
  return body;
};

it.each([
  ['api_keys', apiKeys, 6],
  ['webhook_endpoints', endpoints, 5],
  ['members', members, 5],
  ['departures', departures, 5],
] as const)('%s come in pages', async (name, handler, total) => {
  const idOf = (row: { id?: string; user_id?: string }) => row.id ?? row.user_id;
  const whole = await read(handler);
  expect(whole).not.toHaveProperty('next_cursor');
  // Removals that left nothing open are listed by page alone.
  if (name !== 'departures') expect(whole[name]).toHaveLength(total);
  const ids: unknown[] = [];
  for (let cursor: string | undefined = '', pages = 0; cursor !== undefined && pages < 9; pages++) {
    const page = await read(handler, `?limit=2${cursor && `&cursor=${cursor}`}`);
    expect(page[name].length).toBeLessThanOrEqual(2);
    ids.push(...page[name].map(idOf));
    cursor = page.next_cursor;
  }
  expect(new Set(ids).size).toBe(total);
  expect(ids).toHaveLength(total);
  if (name !== 'departures') expect(ids).toEqual(whole[name].map(idOf));
  const wrong = await call(handler, { path: '/api/v1/x?limit=2&cursor=nonsense', params: { organizationId }, headers });
  expect(wrong).toMatchObject({ status: 422, body: { errors: { cursor: ['Send the next_cursor of the page before, unchanged.'] } } });
});

it('checkpoints come in pages by their number', async () => {
  const numbers = async (query: string) =>
    ((await read(checkpoints as typeof apiKeys, query)) as string)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).number);
  expect(await numbers('')).toEqual([1, 2, 3, 4, 5]);
  expect([await numbers('?limit=2'), await numbers('?limit=2&after=2'), await numbers('?limit=2&after=4')]).toEqual([[1, 2], [3, 4], [5]]);
});

it('lists jobs page by page, each once and the newest first, and refuses a cursor of another list', async () => {
  const body = { name: 'Paged', connection_url: 'postgres://paged:p@127.0.0.1:1/d' };
  const { project, job } = (await call(createProject, { method: 'POST', headers, body })).body;
  const { databaseId } = await db.project.findUniqueOrThrow({ where: { id: project.id } });
  const more = {
    organizationId,
    databaseId,
    projectId: project.id,
    type: 'verify_connection',
    state: 'completed',
    maxAttempts: 1,
    requestedBy: 'test',
  } as const;
  // Two and two at the same time: the id decides between them.
  for (let n = 0; n < 4; n++) await db.job.create({ data: { ...more, id: `job_${n}`, createdAt: new Date(Date.UTC(2026, 0, 1 + Math.floor(n / 2))) } });
  const page = (query: string) => call(jobs, { path: `/api/v1/x?${query}`, params: { projectId: project.id }, headers });
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { body: answer } = await page(`limit=2${cursor && `&cursor=${cursor}`}`);
    found.push(...answer.jobs.map(({ id }: { id: string }) => id));
    if (answer.next_cursor === null) break;
    cursor = answer.next_cursor;
  }
  expect(found).toEqual([job.id, 'job_3', 'job_2', 'job_1', 'job_0']);
  expect((await page('limit=5')).body.next_cursor).toBeNull();
  expect(await page('cursor=job_of_nobody')).toMatchObject({ status: 422, body: { errors: { cursor: [expect.stringContaining('next_cursor')] } } });
});
