import type { Rotation } from '#generated/prisma/client.ts';
import type { RoleSession, SessionCut } from '#lib/engines/engine.ts';

/** What separates the sessions of the old password from those of the new; null before the change. */
export const sessionCutOf = ({ changedAt, firstConnectionId }: Pick<Rotation, 'changedAt' | 'firstConnectionId'>): SessionCut | null =>
  changedAt && { at: changedAt, connectionId: firstConnectionId === null ? null : Number(firstConnectionId) };

/** How many other sessions the role has; only those of the old password if the cut is given. */
export const countSessions = async (session: RoleSession, before?: SessionCut): Promise<number> =>
  (await session.listSessions(before)).reduce((sum, { count }) => sum + count, 0);
