import type { SessionListWire } from '#lib/contract/project.ts';
import type { ListedSessions } from '#lib/rotation/sessions/list-sessions.ts';

/** Open sessions as the API lists them. */
export const sessionsToWire = (groups: ListedSessions): SessionListWire => ({
  sessions: groups.map(({ isOwn, since, ...group }) => ({ ...group, since: since?.toISOString() ?? null, is_own: isOwn })),
  total: groups.reduce((sum, { count }) => sum + count, 0),
});
