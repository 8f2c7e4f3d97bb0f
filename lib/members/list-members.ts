import { actionsOfRole } from '#lib/access/authorize.ts';
import type { ListQuery } from '#lib/contract/list.ts';
import type { MemberListWire } from '#lib/contract/member.ts';
import { seenCredentials } from '#lib/departures/seen-credentials.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import { MEMBER_PARTS, memberToWire } from './to-wire.ts';

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
