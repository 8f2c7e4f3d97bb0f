import type { SessionGroup } from '#lib/engines/engine.ts';
import type { SessionListWire } from '#lib/http/wire/project.ts';

/** Open sessions as the API lists them. */
export const sessionsToWire = (groups: (SessionGroup & { isOwn: boolean })[]): SessionListWire => ({
  sessions: groups.map(({ isOwn, since, ...group }) => ({ ...group, since: since?.toISOString() ?? null, is_own: isOwn })),
  total: groups.reduce((sum, { count }) => sum + count, 0),
});
