import type { Rotation } from '#generated/prisma/client.ts';
import type { SessionCut } from '#lib/engines/engine.ts';

/** What divides the sessions of the old password from those of the new; null before the change. */
export const sessionCutOf = ({ changedAt, firstConnectionId }: Pick<Rotation, 'changedAt' | 'firstConnectionId'>): SessionCut | null =>
  changedAt && { at: changedAt, connectionId: firstConnectionId === null ? null : Number(firstConnectionId) };
