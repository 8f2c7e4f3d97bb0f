import type { Rotation } from '#generated/prisma/client.ts';
import { OWN_APPLICATION, type RoleSession, type SessionCut } from '#lib/engines/engine.ts';

/** What separates the sessions of the old password from those of the new; null before the change. */
export const sessionCutOf = ({ changedAt, firstConnectionId }: Pick<Rotation, 'changedAt' | 'firstConnectionId'>): SessionCut | null =>
  changedAt && { at: changedAt, connectionId: firstConnectionId === null ? null : Number(firstConnectionId) };

/**
 * How many other sessions the role has; only those of the old password if the cut is given. A connection that a check by
 * Rekey left open in the pooler is not counted, unless others know the password: anybody can give a session that name.
 */
export async function countSessions(session: RoleSession, { reason }: Pick<Rotation, 'reason'>, before?: SessionCut): Promise<number> {
  const groups = await session.listSessions(before);
  const others = reason === 'compromise' ? groups : groups.filter(({ application }) => application !== OWN_APPLICATION);
  return others.reduce((sum, { count }) => sum + count, 0);
}
