import { beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { signIn } from '#lib/auth/sign-in.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { call, cookieHeaders, makeOrganization, memberHeaders } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { GET as live } from './live/route.ts';
import { GET as me } from './me/route.ts';
import { DELETE } from './me/sessions/[sessionId]/route.ts';
import { POST as REVOKE_OTHERS } from './me/sessions/revoke-others/route.ts';
import { GET } from './me/sessions/route.ts';

const PASSWORD = 'correct horse battery';
const passwordHash = await hashPassword(PASSWORD);
let organizationId: string;
let open: (address: string) => Promise<{ id: string; headers: Record<string, string> }>;

beforeEach(async () => {
  organizationId = await makeOrganization();
  const id = newId('usr');
  const email = `${id.toLowerCase()}@example.com`;
  await db.user.create({ data: { id, email, passwordHash, members: { create: { organizationId, role: 'viewer' } } } });
  open = async (address) => {
    const session = (await signIn({ email, password: PASSWORD }, { address, userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0' })) ?? '';
    return { id: session, headers: await cookieHeaders(session) };
  };
});

const list = async (headers: Record<string, string>) => (await call(GET, { headers })).body.sessions;
const revoke = (headers: Record<string, string>, sessionId: string) => call(DELETE, { method: 'DELETE', headers, params: { sessionId } });
const statusOf = async ({ headers }: { headers: Record<string, string> }) => (await call(me, { headers })).status;

describe('own sessions', () => {
  it('are listed while they live, this one first, and nobody else’s', async () => {
    const [first, second, over] = [await open('192.0.2.1'), await open('192.0.2.2'), await open('192.0.2.3')];
    await memberHeaders(organizationId, 'owner');
    await db.session.update({ where: { id: over.id }, data: { expiresAt: new Date() } });
    expect(await list(first.headers)).toMatchObject([
      { id: first.id, is_current: true, address: '192.0.2.1' },
      { id: second.id, is_current: false, address: '192.0.2.2', user_agent: expect.stringContaining('Firefox') },
    ]);
  });

  it('are seen as they are used, to the minute', async () => {
    const session = await open('192.0.2.1');
    const seen = async () => Date.parse((await list(session.headers))[0].last_seen_at);
    await db.$executeRaw`UPDATE sessions SET last_seen_at = now() - interval '1 hour' WHERE id = ${session.id}`;
    await list(session.headers);
    expect(Date.now() - (await seen())).toBeLessThan(30_000);
  });

  it('end one by one, at once, and are told of by name', async () => {
    const [first, second] = [await open('192.0.2.1'), await open('192.0.2.2')];
    const stream = (await live(new Request('http://127.0.0.1:3000/api/v1/live', { headers: second.headers }))).body?.getReader();
    expect((await revoke(first.headers, second.id)).status).toBe(204);
    expect(await statusOf(second)).toBe(401);
    const revokedAt = performance.now();
    while (!(await stream?.read())?.done);
    expect(performance.now() - revokedAt).toBeLessThan(1500);

    expect((await revoke(first.headers, second.id)).status).toBe(204);
    expect(await list(first.headers)).toHaveLength(1);
    expect(await db.auditEvent.findMany({ where: { organizationId, action: 'session.revoked' } })).toMatchObject([
      { targetType: 'session', targetId: second.id, metadata: { session_address: '192.0.2.2' } },
    ]);
  });

  it('end all but the one that asks, and no other member’s', async () => {
    const [first, second, third] = [await open('192.0.2.1'), await open('192.0.2.2'), await open('192.0.2.3')];
    const other = await memberHeaders(organizationId, 'owner');
    expect(await call(REVOKE_OTHERS, { method: 'POST', headers: first.headers, body: {} })).toMatchObject({ status: 200, body: { revoked: 2 } });
    expect(await Promise.all([first, second, third, { headers: other }].map(statusOf))).toEqual([200, 401, 401, 200]);
  });

  it('are nobody else’s to end', async () => {
    const session = await open('192.0.2.1');
    expect((await revoke(await memberHeaders(organizationId, 'owner'), session.id)).status).toBe(404);
    expect(await statusOf(session)).toBe(200);
  });
});

itRecords('session.revoked (end)');
