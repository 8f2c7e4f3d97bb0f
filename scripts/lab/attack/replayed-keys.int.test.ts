// An Idempotency-Key in other hands: the kept answer, which may carry a secret, is for the actor who got it.
import { expect, it } from 'vitest';
import { POST as createKey } from '#app/api/v1/organizations/[organizationId]/api-keys/route.ts';
import { POST as createEndpoint } from '#app/api/v1/organizations/[organizationId]/webhook-endpoints/route.ts';
import { db } from '#lib/kernel/db.ts';
import { call, cookieHeaders, keyHeaders, makeOrganization, makeStale, memberHeaders } from '#scripts/testing/call-api.ts';

const IDEMPOTENCY_KEY = 'heard-by-mallory';

/** Requests whose answer shows a secret once, with where it stands. */
const ROUTES = [
  {
    name: 'a new API key',
    route: createKey,
    body: { name: 'CI', scopes: ['projects:read'] },
    secretOf: (body: { plaintext_api_key?: string }) => body.plaintext_api_key,
  },
  {
    name: 'a new webhook endpoint',
    route: createEndpoint,
    body: { url: 'https://hooks.example.com/rekey' },
    secretOf: (body: { plaintext_secret?: string }) => body.plaintext_secret,
  },
];

it.each(ROUTES)('the answer of $name is given again to nobody else', async ({ route, body, secretOf }) => {
  const [organizationId, elsewhere] = [await makeOrganization(), await makeOrganization()];
  const owner = await memberHeaders(organizationId, 'owner');
  const send = (headers: Record<string, string>, organization = organizationId) =>
    call(route, {
      method: 'POST',
      path: `/api/v1/organizations/${organizationId}/test`,
      params: { organizationId: organization },
      body,
      headers: { 'idempotency-key': IDEMPOTENCY_KEY, ...headers },
    });
  const first = await send(owner);
  expect(first.status, JSON.stringify(first.body)).toBe(201);
  const secret = secretOf(first.body);
  expect(secret).toMatch(/./);
  expect(secretOf((await send(owner)).body)).toBe(secret);

  const others: Record<string, Record<string, string>> = {
    'another owner': await memberHeaders(organizationId, 'owner'),
    'a viewer': await memberHeaders(organizationId, 'viewer'),
    'a key': await keyHeaders(organizationId),
    'another key': await keyHeaders(organizationId),
    'an owner elsewhere': await memberHeaders(elsewhere, 'owner'),
    'a key elsewhere': await keyHeaders(elsewhere),
    nobody: {},
  };
  for (const [who, headers] of Object.entries(others))
    for (const organization of [organizationId, elsewhere]) {
      const answer = await send(headers, organization);
      expect(answer.headers.get('idempotency-replayed'), who).toBeNull();
      expect(JSON.stringify(answer.body), who).not.toContain(secret);
    }

  // The same member, but in a session that was left open.
  const { userId } = await db.session.findFirstOrThrow({ where: { organizationId }, orderBy: { createdAt: 'asc' } });
  const stale = await db.session.create({ data: { id: `ses_${secret?.slice(-12)}`, organizationId, userId, expiresAt: new Date(Date.now() + 3_600_000) } });
  await makeStale(stale.id);
  const late = await send(await cookieHeaders(stale.id));
  expect(late.status).toBe(403);
  expect(JSON.stringify(late.body)).not.toContain(secret);
});
