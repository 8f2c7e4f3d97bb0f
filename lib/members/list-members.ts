import { actionsOfRole } from '#lib/auth/authorize.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { seenCredentials } from '#lib/departures/seen-credentials.ts';
import type { MemberListWire } from '#lib/http/wire/member.ts';
import { MEMBER_PARTS, memberToWire } from './to-wire.ts';

/** The organization's members, in the order in which they came, and of how many logins each has seen the password; and what each role may do. */
export async function listMembers(context: Context): Promise<MemberListWire> {
  const { organizationId } = context;
  const [rows, credentials] = await Promise.all([
    db.member.findMany({ where: { organizationId }, include: MEMBER_PARTS, orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }] }),
    db.database.count({ where: { organizationId } }),
  ]);
  const all = rows.map(({ userId }) => userId);
  const seen = Map.groupBy(await seenCredentials(db, context, all), ({ userId }) => userId);
  const rights = { owner: actionsOfRole('owner'), admin: actionsOfRole('admin'), operator: actionsOfRole('operator'), viewer: actionsOfRole('viewer') };
  return { members: rows.map((row) => memberToWire(row, seen.get(row.userId)?.length ?? 0)), credentials, rights };
}
