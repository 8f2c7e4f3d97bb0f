import { setTimeout as delay } from 'node:timers/promises';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { type Context, type Origin, systemContext } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { newId } from '#lib/ids.ts';
import { verifyPassword } from './hash-password.ts';
import { sessionEnd } from './session-times.ts';

/** A refusal takes this long whatever its reason: an unknown email writes no audit event, and would answer sooner. */
export const REFUSAL_MS = 400;

/** Checks email and password. Answers the new session's id, or null: which of the two was wrong is not told. */
export async function signIn(email: string, password: string, origin: Origin): Promise<string | null> {
  const refusal = delay(REFUSAL_MS, null);
  return (await openSession(email, password, origin)) ?? refusal;
}

async function openSession(email: string, password: string, origin: Origin): Promise<string | null> {
  const user = await db.user.findUnique({ where: { email: email.trim().toLowerCase() }, include: { members: { orderBy: { createdAt: 'asc' }, take: 1 } } });
  const matches = await verifyPassword(user?.passwordHash ?? null, password);
  const member = user?.members[0];
  if (!user || !member) return null;
  const { organizationId, role } = member;
  if (!matches) {
    const context: Context = { ...systemContext(organizationId), origin };
    const target = { type: 'user', id: user.id, name: user.email };
    await db.$transaction((tx) =>
      recordAudit(tx, context, { action: 'session.refused', target, reason: 'The password was wrong.', metadata: { user_id: user.id, email: user.email } }),
    );
    return null;
  }
  const [sessionId, now] = [newId('ses'), new Date()];
  const { address = null, userAgent = null } = origin;
  await db.$transaction(async (tx) => {
    await tx.session.create({
      data: { id: sessionId, organizationId, userId: user.id, authenticatedAt: now, createdAt: now, expiresAt: sessionEnd(now, now), address, userAgent },
    });
    const actor = { kind: 'user', id: user.id, name: user.email, role, projectIds: null, sessionId, authenticatedAt: now, isFresh: true } as const;
    await recordAudit(tx, { organizationId, origin, actor }, { action: 'session.created' });
  });
  return sessionId;
}
