import type { Secret } from '#lib/crypto/secret.ts';
import { type FoundPlace, IntegrationError } from '#lib/integrations/integration.ts';
import { callVercel } from './client.ts';
import { projectsSchema, teamsSchema } from './schemas.ts';

/** What Vercel gives at once. */
const PAGE_SIZE = 100;

/**
 * The projects of a person and of that person's teams. A token may be for one team alone, so a part that it may not see
 * is left out, as long as there is one that it may.
 */
export async function listProjects(token: Secret, search: string | undefined, limit: number): Promise<FoundPlace[]> {
  const [own, teams] = await Promise.allSettled([
    projectsOf(token, null, search, limit),
    callVercel(teamsSchema, { method: 'GET', path: '/v2/teams', token, teamId: null, query: { limit: String(PAGE_SIZE) } }),
  ]);
  const found = new Map(seen(own, []).map((place) => [place.externalId, place]));
  if (own.status === 'rejected' && teams.status === 'rejected') throw own.reason;
  for (const { id } of seen(teams, { teams: [] }).teams) {
    if (found.size >= limit) break;
    const [ofTeam] = await Promise.allSettled([projectsOf(token, id, search, limit)]);
    for (const place of seen(ofTeam, [])) found.set(place.externalId, place);
  }
  return [...found.values()].slice(0, limit);
}

/** What was found, or `none` where the token may not look. */
function seen<T>(result: PromiseSettledResult<T>, none: T): T {
  if (result.status === 'fulfilled') return result.value;
  if (result.reason instanceof IntegrationError && result.reason.code === 'permission_missing') return none;
  throw result.reason;
}

async function projectsOf(token: Secret, teamId: string | null, search: string | undefined, limit: number): Promise<FoundPlace[]> {
  const query = { limit: String(Math.min(limit, PAGE_SIZE)), search };
  const { projects } = await callVercel(projectsSchema, { method: 'GET', path: '/v10/projects', token, teamId, query });
  return projects.map(({ id, name, accountId }) => ({ externalId: id, accountId: accountId.startsWith('team_') ? accountId : null, name }));
}
