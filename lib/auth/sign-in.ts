import { setTimeout as delay } from 'node:timers/promises';
import { sessionEnd } from '#lib/access/session-times.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { loadSecondFactor, noteWrongCode, takeCode } from '#lib/auth/second-factor/second-factor.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Context, type Origin, systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { newId } from '#lib/kernel/ids.ts';
import { codeGuessLimits, deviceGuessLimits, strangerGuessLimits } from '#lib/limits/limits.ts';
import { giveBackGuess, takeGuess } from '#lib/limits/take-guess.ts';
import { verifyPassword } from './hash-password.ts';
import { lockPassword } from './own-password.ts';

/** A refusal takes this long, in ms, or a multiple of it, whatever its reason: an unknown email writes no audit event, and would answer sooner. */
export const REFUSAL_MS = 400;

/** The password is right, but the code of the second factor is missing. */
export class SecondFactorRequiredError extends Error {
  readonly code = 'second_factor_required';

  constructor() {
    super('The password is right; the second-factor code is missing.');
    this.name = 'SecondFactorRequiredError';
  }
}

interface Credentials {
  email: string;
  password: string;
  /** A code from the app, or a recovery code. Required if the second factor is on. */
  code?: string;
}

/**
 * Checks email, password and code; each try counts before it is judged. Answers the new session's id, or null: which of them was wrong
 * is not told. `device` is what `readDevice` found: a try from a device of this very member is not counted with those of strangers.
 * @throws {SecondFactorRequiredError} where the password is right and the code alone is missing
 * @throws {DomainError} rate_limited where too many were wrong
 */
export async function signIn(credentials: Credentials, origin: Origin, device: string | null = null): Promise<string | null> {
  const startedAt = performance.now();
  const sessionId = await openSession({ ...credentials, email: credentials.email.trim().toLowerCase() }, origin, device);
  if (sessionId === null) await delay(REFUSAL_MS - ((performance.now() - startedAt) % REFUSAL_MS));
  return sessionId;
}

/** The device, where it is one of this user's: a session of theirs was opened on it. */
async function knownDevice(device: string | null, userId: string | undefined): Promise<string | null> {
  if (device === null || userId === undefined) return null;
  return (await db.session.count({ where: { id: device, userId } })) > 0 ? device : null;
}

async function openSession({ email, password, code }: Credentials, origin: Origin, given: string | null): Promise<string | null> {
  const user = await db.user.findUnique({ where: { email }, include: { members: { orderBy: { createdAt: 'asc' }, take: 1 } } });
  const device = await knownDevice(given, user?.id);
  const limits = device === null ? strangerGuessLimits(email, origin.address ?? 'unknown') : deviceGuessLimits(device);
  await takeGuess(limits);
  const matches = await verifyPassword(user?.passwordHash ?? null, password);
  const member = user?.members[0];
  if (!user || !member) return null;
  const { organizationId, role } = member;
  const refuse = (tx: Tx, reason: string): Promise<void> => {
    const context: Context = { ...systemContext(organizationId), origin };
    const target = { type: 'user', id: user.id, name: user.email };
    return recordAudit(tx, context, { action: 'session.refused', target, reason, metadata: { user_id: user.id, email: user.email } });
  };
  if (!matches) {
    await db.$transaction((tx) => refuse(tx, 'The password was wrong.'));
    return null;
  }
  const factor = await loadSecondFactor(user.id);
  if (factor && !code) {
    await giveBackGuess(limits);
    throw new SecondFactorRequiredError();
  }
  const codeLimits = factor ? codeGuessLimits(device ?? user.id) : [];
  await takeGuess(codeLimits);
  const [sessionId, now] = [newId('ses'), storeTime()];
  const { address = null, userAgent = null } = origin;
  const opened = await db.$transaction(async (tx) => {
    if (!(await lockPassword(tx, user.id, user.passwordHash))) {
      await refuse(tx, 'The password was changed meanwhile.');
      return null;
    }
    const taken = factor && (await takeCode(tx, factor, code ?? ''));
    if (factor && !taken) {
      await noteWrongCode(tx, factor.id, origin);
      await refuse(tx, 'The code was wrong or used before.');
      return null;
    }
    await tx.session.create({
      data: { id: sessionId, organizationId, userId: user.id, authenticatedAt: now, createdAt: now, expiresAt: sessionEnd(now, now), address, userAgent },
    });
    const actor = { kind: 'user', id: user.id, name: user.email, role, projectIds: null, sessionId, authenticatedAt: now, isFresh: true } as const;
    await recordAudit(tx, { organizationId, origin, actor }, { action: 'session.created', ...(taken && { metadata: { second_factor: taken } }) });
    return sessionId;
  });
  if (opened !== null) await giveBackGuess([...limits, ...codeLimits]);
  return opened;
}
