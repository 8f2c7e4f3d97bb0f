import { randomBytes } from 'node:crypto';
import { lockActor } from '#lib/access/lock-actor.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { hashPassword } from '#lib/auth/hash-password.ts';
import { refuseCommonPassword } from '#lib/auth/refuse-common-password.ts';
import type { InvitationMadeWire, InvitationWire, InviteBody, JoinBody, JoinStateWire } from '#lib/contract/member.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context, Origin } from '#lib/kernel/context.ts';
import { db, isUniqueViolation } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { hashToken, refuseToken } from '#lib/set-up/setup-token.ts';
import { checkReach, invitationToWire, refuseGivingBeyondOwn } from './members.ts';

const TOKEN_BYTES = 32;
const DAYS = 7;
const DAY_MS = 86_400_000;

/** A new one-time link, and what is stored of it: the hash of its token, and when it stops working. */
function makeInvitationLink(): { url: string; stored: { tokenHash: string; expiresAt: Date } } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const url = new URL(`/join?token=${token}`, env.NEXTAUTH_URL).href;
  return { url, stored: { tokenHash: hashToken(token), expiresAt: storeTime(DAYS * DAY_MS) } };
}

const deadInvitation = () => invalidField('token', 'This link is unknown, used, revoked, replaced or older than seven days. Ask for another one.');

/**
 * Invites somebody by a one-time link, which is in this answer and nowhere else: whoever has it becomes the member.
 * @throws {DomainError} forbidden for a role beyond one's own, validation_failed for who is a member or invited already
 */
export async function inviteMember(context: Context, body: InviteBody): Promise<InvitationMadeWire> {
  const { organizationId, actor } = context;
  const { role } = body;
  const email = body.email.trim().toLowerCase();
  refuseGivingBeyondOwn(context, role);
  const projectIds = body.project_ids ? [...new Set(body.project_ids)] : null;
  const { url, stored } = makeInvitationLink();
  try {
    const row = await db.$transaction(async (tx) => {
      await lockActor(tx, context);
      await checkReach(tx, organizationId, role, projectIds);
      if ((await tx.user.count({ where: { email } })) > 0)
        throw invalidField('email', 'A member with this email already exists. Change that member’s role instead.');
      const made = await tx.invitation.create({
        data: {
          id: newId('inv'),
          organizationId,
          email,
          role,
          isRestricted: projectIds !== null,
          projectIds: projectIds ?? [],
          invitedBy: actor.name,
          invitedById: actor.id,
          ...stored,
        },
      });
      await recordAudit(tx, context, {
        action: 'member.invited',
        target: { type: 'invitation', id: made.id, name: email },
        metadata: { email, role, projects: projectIds?.length ?? null, expires_at: made.expiresAt.toISOString() },
      });
      return made;
    });
    return { invitation: invitationToWire(row), url };
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField('email', 'There is already an invitation for this email. Create a new link for it, or revoke it first.');
    throw error;
  }
}

/** The invitations that nobody has used, the newest first; also those whose link has expired. */
export async function listInvitations({ organizationId }: Context): Promise<InvitationWire[]> {
  const rows = await db.invitation.findMany({ where: { organizationId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return rows.map(invitationToWire);
}

/** Makes another link for an invitation; the one before opens nothing any more. Throws not_found, forbidden for a role beyond one's own. */
export async function renewInvitation(context: Context, invitationId: string): Promise<InvitationMadeWire> {
  const { organizationId, actor } = context;
  const { url, stored } = makeInvitationLink();
  const row = await db.$transaction(async (tx) => {
    await lockActor(tx, context);
    const found = await tx.invitation.findFirst({ where: { id: invitationId, organizationId } });
    if (!found) throw notFound('invitation');
    refuseGivingBeyondOwn(context, found.role);
    const { email } = found;
    // Now its link is known to whoever asked for it.
    const data = { ...stored, invitedBy: actor.name, invitedById: actor.id };
    const [made] = await tx.invitation.updateManyAndReturn({ where: { id: invitationId }, data });
    if (!made) throw notFound('invitation');
    await recordAudit(tx, context, { action: 'member.invitation_renewed', target: { type: 'invitation', id: invitationId, name: email }, metadata: { email } });
    return made;
  });
  return { invitation: invitationToWire(row), url };
}

/** Takes an invitation back: its link opens nothing any more. Throws not_found. */
export async function revokeInvitation(context: Context, invitationId: string): Promise<void> {
  const { organizationId } = context;
  await db.$transaction(async (tx) => {
    const found = await tx.invitation.findFirst({ where: { id: invitationId, organizationId } });
    const { count } = await tx.invitation.deleteMany({ where: { id: invitationId, organizationId } });
    if (!found || count === 0) throw notFound('invitation');
    const { email } = found;
    await recordAudit(tx, context, { action: 'member.invitation_revoked', target: { type: 'invitation', id: invitationId, name: email }, metadata: { email } });
  });
}

/** What the holder of an invitation's link should know before they join. Throws validation_failed for a dead link. */
export async function describeInvitation(origin: Origin, token: string): Promise<JoinStateWire> {
  const found = await db.invitation.findFirst({
    where: { tokenHash: hashToken(token), expiresAt: { gt: storeTime() } },
    include: { organization: { select: { name: true } } },
  });
  if (!found) return refuseToken(origin, deadInvitation());
  const { organization, email, role, invitedBy, expiresAt } = found;
  return { organization: organization.name, email, role, invited_by: invitedBy, expires_at: expiresAt.toISOString() };
}

/** Makes the holder of an invitation's link a member, once. Throws validation_failed for a dead link. */
export async function acceptInvitation(origin: Origin, { token, name, password }: JoinBody): Promise<{ organization_id: string; user_id: string }> {
  const where = { tokenHash: hashToken(token), expiresAt: { gt: storeTime() } };
  const found = await db.invitation.findFirst({ where });
  if (!found) return refuseToken(origin, deadInvitation());
  await refuseCommonPassword('password', password, [found.email, name]);
  const passwordHash = await hashPassword(password);
  try {
    return await db.$transaction(async (tx) => {
      // Asked again where it counts: of two who come at once, one finds nothing.
      const { count } = await tx.invitation.deleteMany({ where });
      if (count === 0) throw deadInvitation();
      const { organizationId, email, role, isRestricted } = found;
      const projects = await tx.project.findMany({ where: { organizationId, id: { in: found.projectIds } }, select: { id: true } });
      const id = newId('usr');
      await tx.user.create({ data: { id, email, name, passwordHash } });
      const grants = { createMany: { data: projects.map((project) => ({ projectId: project.id })) } };
      await tx.member.create({ data: { organizationId, userId: id, role, isRestricted, grants } });
      const actor = { kind: 'user', id, name: email, role, projectIds: null, sessionId: '', authenticatedAt: storeTime(), isFresh: true } as const;
      await recordAudit(
        tx,
        { organizationId, origin, actor },
        { action: 'member.joined', target: { type: 'member', id, name: email }, metadata: { user_id: id, email, role, invited_by: found.invitedBy } },
      );
      return { organization_id: organizationId, user_id: id };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField('token', 'An account with this email already exists. Sign in with it; nothing was changed.');
    throw error;
  }
}
