import type { Invitation, Prisma } from '#generated/prisma/client.ts';
import type { MemberRole } from '#generated/prisma/enums.ts';
import { actionsOfRole, scopesOf, scopesOfRole } from '#lib/access/authorize.ts';
import { revokeKeyIn } from '#lib/api-keys/api-keys.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { ListQuery } from '#lib/contract/common.ts';
import type { DepartureWire, InvitationWire, MemberListWire, MemberWire } from '#lib/contract/member.ts';
import { type DepartureRow, departureToWire, loadDeparture, openDeparture } from '#lib/departures/departures.ts';
import { requestRotations } from '#lib/departures/run-departure.ts';
import { seenCredentials } from '#lib/departures/seen-credentials.ts';
import { cancelIn } from '#lib/imports/cancel-import.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError, invalidField, notFound } from '#lib/kernel/errors.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { wake } from '#lib/queue/wake.ts';

export const MEMBER_PARTS = {
  grants: { select: { projectId: true }, orderBy: { projectId: 'asc' } },
  user: {
    select: {
      email: true,
      name: true,
      sessions: { orderBy: { lastSeenAt: 'desc' }, take: 1, select: { lastSeenAt: true, address: true } },
      secondFactor: { select: { confirmedAt: true } },
    },
  },
} as const satisfies Prisma.MemberInclude;
type MemberRow = Prisma.MemberGetPayload<{ include: typeof MEMBER_PARTS }>;

/** The projects a member or an invitation is held to; null: all. */
export const reachOf = ({ isRestricted, grants }: Pick<MemberRow, 'isRestricted' | 'grants'>): string[] | null =>
  isRestricted ? grants.map(({ projectId }) => projectId) : null;

/** `seen`: of how many logins they have seen a password that still counts. */
export function memberToWire(row: MemberRow, seen: number): MemberWire {
  const [session] = row.user.sessions;
  return {
    user_id: row.userId,
    email: row.user.email,
    name: row.user.name,
    role: row.role,
    project_ids: reachOf(row),
    last_seen_at: session?.lastSeenAt.toISOString() ?? null,
    last_seen_address: session?.address ?? null,
    has_second_factor: Boolean(row.user.secondFactor?.confirmedAt),
    seen,
    created_at: row.createdAt.toISOString(),
  };
}

export const invitationToWire = (row: Invitation): InvitationWire => ({
  id: row.id,
  organization_id: row.organizationId,
  email: row.email,
  role: row.role,
  project_ids: row.isRestricted ? row.projectIds : null,
  invited_by: row.invitedBy,
  expires_at: row.expiresAt.toISOString(),
  created_at: row.createdAt.toISOString(),
});

interface LockedMember {
  member: MemberRow;
  /** Whether without them there would be no owner. */
  isLastOwner: boolean;
}

/** Locks a member, and all owners with them: two who leave at once cannot both believe that the other one stays. Throws not_found. */
export async function lockMember(tx: Tx, { organizationId }: Context, userId: string): Promise<LockedMember> {
  await tx.$queryRaw`SELECT FROM members WHERE organization_id = ${organizationId} AND (user_id = ${userId} OR role = 'owner') ORDER BY user_id FOR UPDATE`;
  const member = await tx.member.findUnique({ where: { organizationId_userId: { organizationId, userId } }, include: MEMBER_PARTS });
  if (!member) throw notFound('member');
  const isLastOwner = member.role === 'owner' && (await tx.member.count({ where: { organizationId, role: 'owner' } })) === 1;
  return { member, isLastOwner };
}

/** Throws forbidden where who is no owner would touch one. Keys are no owners, whatever their scopes. */
export function refuseTouchingOwner({ actor }: Context, role: MemberRole): void {
  if (role !== 'owner' || (actor.kind === 'user' && actor.role === 'owner')) return;
  throw new DomainError('forbidden', 'Only an owner can add, change or remove an owner. Nothing was changed.');
}

/** Throws forbidden where a role would be given that may do what the giver may not. */
export function refuseGivingBeyondOwn(context: Context, role: MemberRole): void {
  refuseTouchingOwner(context, role);
  const held: readonly string[] = scopesOf(context);
  const missing = scopesOfRole(role).filter((scope) => !held.includes(scope));
  if (missing.length > 0) throw new DomainError('forbidden', `The role ${role} has rights that you lack: ${missing.join(', ')}. Nothing was changed.`);
}

/** Refuses a reach that cannot be: an owner's that has an end, or projects that are not the organization's. Null: all projects. */
export async function checkReach(tx: Tx, organizationId: string, role: MemberRole, projectIds: string[] | null): Promise<void> {
  if (projectIds === null) return;
  if (role === 'owner') throw invalidField('project_ids', 'An owner reaches every project. Leave the projects out, or choose another role.');
  const known = await tx.project.count({ where: { organizationId, id: { in: projectIds } } });
  if (known < new Set(projectIds).size) throw invalidField('project_ids', 'One of these projects does not exist. Choose from the list of projects.');
}

/** The organization's members, in the order in which they came, and of how many logins each has seen the password; and what each role may do; all members, or a page. */
export async function listMembers(context: Context, query: ListQuery = {}): Promise<MemberListWire> {
  const { organizationId } = context;
  const { where, ...page } = pageOf(query, 'asc', 'userId');
  const [found, credentials] = await Promise.all([
    db.member.findMany({ where: { organizationId, ...where }, include: MEMBER_PARTS, ...page }),
    db.database.count({ where: { organizationId } }),
  ]);
  const { rows, next } = cutPage(found, query, ({ userId }) => userId);
  const all = rows.map(({ userId }) => userId);
  const seen = Map.groupBy(await seenCredentials(db, context, all), ({ userId }) => userId);
  const rights = { owner: actionsOfRole('owner'), admin: actionsOfRole('admin'), operator: actionsOfRole('operator'), viewer: actionsOfRole('viewer') };
  return { members: rows.map((row) => memberToWire(row, seen.get(row.userId)?.length ?? 0)), credentials, rights, ...next };
}

export interface AccessEnded {
  sessions: number;
  apiKeys: number;
  /** Whom to wake after the commit. */
  told: Message<'webhook.deliver'>[];
}

/**
 * Ends all that a member holds, in the transaction that takes something from them: their sessions, the API keys that they
 * or keys of theirs have made, the invitations whose links they know, and what is left of their imports. Call it with the member locked.
 */
export async function endAccess(tx: Tx, context: Context, userId: string): Promise<AccessEnded> {
  const { organizationId } = context;
  const { count } = await tx.session.updateMany({ where: { organizationId, userId, revokedAt: null }, data: { revokedAt: storeTime() } });
  const keys = await tx.apiKey.findMany({ where: { organizationId, createdByUserId: userId }, orderBy: { id: 'asc' } });
  const alive = keys.filter(({ revokedAt, expiresAt }) => !revokedAt && !(expiresAt && expiresAt <= storeTime()));
  const told: Message<'webhook.deliver'>[] = [];
  for (const key of alive) told.push(...(await revokeKeyIn(tx, context, key)));
  const actors = [userId, ...keys.map(({ id }) => id)];
  await tx.invitation.deleteMany({ where: { organizationId, invitedById: { in: actors } } });
  await cancelIn(tx, context, await tx.import.findMany({ where: { organizationId, requestedById: { in: actors }, finishedAt: null } }));
  return { sessions: count, apiKeys: alive.length, told };
}

/**
 * Removes a member. Their sessions and the keys they made are dead from the next request on; their login is forgotten
 * where no other organization knows it. Answers what they had seen that still counts, null where that is nothing;
 * `rotateSeen` has it rotated.
 * @throws {DomainError} not_found, forbidden for an owner where the asker is none, validation_failed for the last owner
 */
export async function removeMember(context: Context, userId: string, { rotateSeen }: { rotateSeen: boolean }): Promise<DepartureWire | null> {
  const { organizationId } = context;
  const { departure, told } = await db.$transaction(async (tx) => {
    const { member, isLastOwner } = await lockMember(tx, context, userId);
    refuseTouchingOwner(context, member.role);
    if (isLastOwner) throw invalidField('member_id', 'One owner must remain. Make another member an owner first.');
    const ended = await endAccess(tx, context, userId);
    await tx.member.delete({ where: { organizationId_userId: { organizationId, userId } } });
    await tx.user.deleteMany({ where: { id: userId, members: { none: {} } } });
    const { email } = member.user;
    await recordAudit(tx, context, {
      action: 'member.removed',
      target: { type: 'member', id: userId, name: email },
      metadata: { user_id: userId, email, role: member.role, sessions_ended: ended.sessions, api_keys_revoked: ended.apiKeys },
    });
    const departureId = await openDeparture(tx, context, { userId, email });
    if (departureId !== null && rotateSeen) await requestRotations(tx, context, departureId);
    const opened: DepartureRow | null = departureId === null ? null : await loadDeparture(context, departureId, tx);
    return { departure: opened, told: ended.told };
  });
  await wakeDeliveries(told);
  if (departure && rotateSeen) void wake('departure.run', { departureId: departure.id });
  return departure && departureToWire(departure);
}
