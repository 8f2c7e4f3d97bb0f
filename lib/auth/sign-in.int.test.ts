import { beforeAll, describe, expect, it } from 'vitest';
import { SESSION_IDLE_SECONDS } from '#lib/access/session-times.ts';
import { db } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { makeOrganization } from '#scripts/testing/call-api.ts';
import { itRecords } from '#scripts/testing/records.ts';
import { hashPassword } from './hash-password.ts';
import { signOut } from './own-sessions.ts';
import { readSession } from './read-session.ts';
import { REFUSAL_MS, signIn } from './sign-in.ts';

const PASSWORD = 'correct horse battery';
let organizationId: string;

beforeAll(async () => {
  organizationId = await makeOrganization();
  const passwordHash = await hashPassword(PASSWORD);
  await db.user.create({ data: { id: newId('usr'), email: 'ada@example.com', passwordHash, members: { create: { organizationId, role: 'admin' } } } });
});

const lastEvent = () => db.auditEvent.findFirstOrThrow({ where: { organizationId }, orderBy: { createdAt: 'desc' } });

describe('signIn', () => {
  it('opens a session, whatever the case of the email', async () => {
    const id = await signIn({ email: ' ADA@example.com', password: PASSWORD }, { address: '10.0.0.1', userAgent: 'test' });
    expect(await readSession(id ?? '', {})).toMatchObject({ organizationId, actor: { kind: 'user', name: 'ada@example.com', role: 'admin', sessionId: id } });
    expect(await lastEvent()).toMatchObject({ action: 'session.created', address: '10.0.0.1' });
  });

  it('opens none for a wrong password, and writes it down', async () => {
    expect(await signIn({ email: 'ada@example.com', password: 'wrong' }, { address: '10.0.0.9' })).toBeNull();
    expect(await lastEvent()).toMatchObject({ action: 'session.refused', actorKind: 'system', address: '10.0.0.9', metadata: { email: 'ada@example.com' } });
  });

  it.each(['ada@example.com', 'nobody@example.com'])('does not tell by its haste whether %s is known', async (email) => {
    const startedAt = performance.now();
    expect(await signIn({ email, password: 'wrong' }, {})).toBeNull();
    // Timers may fire a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(REFUSAL_MS - 2);
  });
});

describe('a session', () => {
  const open = async () => (await signIn({ email: 'ada@example.com', password: PASSWORD }, {})) ?? '';
  const endOf = async (id: string) => (await db.session.findUniqueOrThrow({ where: { id } })).expiresAt.getTime();

  it('is dead after signing out, which is written down once', async () => {
    const id = await open();
    await signOut(id, {});
    await signOut(id, {});
    expect(await readSession(id, {})).toBeNull();
    expect(await db.auditEvent.count({ where: { organizationId, action: 'session.revoked' } })).toBe(1);
  });

  it('lives on while it is used, to thirty days after sign-in at most', async () => {
    const id = await open();
    const aMinuteAgo = new Date(Date.now() - 60_000);
    const soon = new Date(Date.now() + 60_000);
    await db.session.update({ where: { id }, data: { expiresAt: soon, lastSeenAt: aMinuteAgo } });
    await readSession(id, {});
    expect(await endOf(id)).toBeGreaterThan(Date.now() + (SESSION_IDLE_SECONDS - 60) * 1000);

    const almostOver = new Date(Date.now() - 30 * 86_400_000 + 400_000);
    await db.session.update({ where: { id }, data: { expiresAt: soon, lastSeenAt: aMinuteAgo, createdAt: almostOver } });
    await readSession(id, {});
    expect(await endOf(id)).toBe(almostOver.getTime() + 30 * 86_400_000);
  });
});

itRecords('session.created', 'session.refused', 'session.revoked (signOut)');
