import type { SeenListWire } from '#lib/contract/member.ts';
import { seenCredentials } from '#lib/departures/seen-credentials.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';

/** The logins of which a member has seen a password that still counts: what their removal offers to rotate. Throws not_found. */
export async function listSeen(context: Context, userId: string): Promise<SeenListWire> {
  const { organizationId } = context;
  if ((await db.member.count({ where: { organizationId, userId } })) === 0) throw notFound('member');
  const seen = await seenCredentials(db, context, [userId]);
  const rows = await db.database.findMany({
    where: { organizationId, id: { in: seen.map(({ databaseId }) => databaseId) } },
    select: { id: true, roleName: true, projects: { orderBy: { createdAt: 'asc' }, take: 1, select: { id: true, name: true } } },
    orderBy: { id: 'asc' },
  });
  return {
    credentials: rows.map(({ id, roleName, projects: [project] }) => ({
      database_id: id,
      role_name: roleName,
      project_id: project?.id ?? null,
      project_name: project?.name ?? null,
    })),
  };
}
