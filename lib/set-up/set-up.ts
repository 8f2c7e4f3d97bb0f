import { randomBytes } from 'node:crypto';
import type { Organization } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { refuseCommonPassword } from '#lib/auth/refuse-common-password.ts';
import type { SetupBody, SetupStateWire } from '#lib/contract/setup.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Origin } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { newId } from '#lib/kernel/ids.ts';
import { slugOf } from '#lib/kernel/slug.ts';
import { workersAlive } from '#lib/queue/health.ts';
import { deadLink, hashToken, refuseToken } from './setup-token.ts';

/** One set-up at a time, over all processes, until the transaction ends. */
export async function lockSetUp(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('rekey set-up'))`;
}

/** Adds the first member, as owner. Call it under the set-up lock. */
export async function createOwner(tx: Tx, organizationId: string, email: string, passwordHash: string): Promise<{ id: string; email: string }> {
  const user = { id: newId('usr'), email: email.trim().toLowerCase() };
  await tx.user.create({ data: { ...user, passwordHash, members: { create: { organizationId, role: 'owner' } } } });
  return user;
}

/** The path of a new one-time set-up link; links printed before open nothing any more. Null once there is an owner. */
export async function createSetupLink(): Promise<string | null> {
  const token = randomBytes(32).toString('base64url');
  const isOpen = await db.$transaction(async (tx) => {
    await lockSetUp(tx);
    await tx.setupLink.deleteMany({ where: { usedAt: null } });
    if ((await tx.user.count()) > 0) return false;
    await tx.setupLink.create({ data: { id: newId('stl'), tokenHash: hashToken(token) } });
    return true;
  });
  return isOpen ? `/setup?token=${token}` : null;
}

/** What the holder of the set-up link should know before making the owner. Throws validation_failed for a dead link. */
export async function describeSetup(origin: Origin, token: string): Promise<SetupStateWire> {
  if (!(await db.setupLink.findFirst({ where: { tokenHash: hashToken(token), usedAt: null }, select: { id: true } }))) return refuseToken(origin, deadLink());
  const [[server], { count, lastBeatAt }] = await Promise.all([db.$queryRaw<{ server_version: string }[]>`SHOW server_version`, workersAlive()]);
  return {
    store: { kind: env.REKEY_STORE, version: server?.server_version.split(' ')[0] ?? '' },
    workers: { count, last_beat_at: lastBeatAt?.toISOString() ?? null },
    encryption_key: env.REKEY_ENCRYPTION_KEY_ORIGIN,
  };
}

/** The organization of this installation; made at the first start and named by the owner at set-up. */
export async function ensureOrganization(): Promise<Organization> {
  return db.$transaction(async (tx) => {
    await lockSetUp(tx);
    const known = await tx.organization.findFirst({ orderBy: { createdAt: 'asc' } });
    return known ?? tx.organization.create({ data: { id: newId('org'), name: 'My organization', slug: 'my-organization' } });
  });
}

/** Makes the owner and names the organization; the link opens nothing afterwards. Throws validation_failed for a dead link. */
export async function completeSetup(origin: Origin, body: SetupBody): Promise<{ organization_id: string; user_id: string }> {
  const { id: organizationId } = await ensureOrganization();
  const tokenHash = hashToken(body.token);
  if (!(await db.setupLink.findFirst({ where: { tokenHash, usedAt: null }, select: { id: true } }))) return refuseToken(origin, deadLink());
  await refuseCommonPassword('password', body.password, [body.email, body.organization]);
  const passwordHash = await hashPassword(body.password);
  return db.$transaction(async (tx) => {
    await lockSetUp(tx);
    const { count } = await tx.setupLink.updateMany({ where: { tokenHash, usedAt: null }, data: { usedAt: storeTime() } });
    if (count === 0 || (await tx.user.count()) > 0) throw deadLink();
    await tx.organization.update({ where: { id: organizationId }, data: { name: body.organization, slug: slugOf(body.organization, 'my-organization') } });
    const owner = await createOwner(tx, organizationId, body.email, passwordHash);
    const actor = {
      kind: 'user',
      id: owner.id,
      name: owner.email,
      role: 'owner',
      projectIds: null,
      sessionId: '',
      authenticatedAt: storeTime(),
      isFresh: true,
    } as const;
    await recordAudit(tx, { organizationId, origin, actor }, { action: 'organization.set_up', metadata: { name: body.organization } });
    return { organization_id: organizationId, user_id: owner.id };
  });
}
