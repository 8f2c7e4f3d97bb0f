import type { Secret } from '#lib/crypto/secret.ts';
import { beginDeployment } from '#lib/integrations/begin-deployment.ts';
import { callDeployHook } from '#lib/integrations/call-deploy-hook.ts';
import { apiPath } from '#lib/integrations/call-provider.ts';
import { type FoundPlace, type Integration, IntegrationError, type Place, type Redeploy } from '#lib/integrations/integration.ts';
import { callVercel } from './client.ts';
import { deploymentSchema, deploymentsSchema, type Link, linkedProjectSchema, projectSchema, projectsSchema, teamsSchema } from './schemas.ts';
import { isOwnTarget } from './targets.ts';
import { compareVariables, listOwnTargets, putVariables } from './variables.ts';

/** As Integration.redeploy tells. */
const redeploy = (place: Place, how: Redeploy): Promise<{ id: string | null }> =>
  how.by === 'hook' ? callDeployHook(how.url) : beginDeployment(() => deploy(place, how.ref));

/** Builds the production branch anew, or `ref`; where Vercel knows no repository, the latest production deployment. */
async function deploy({ externalId, accountId: teamId, token }: Place, ref: string | undefined): Promise<{ id: string }> {
  const ask = { token, teamId };
  const { name, link } = await callVercel(linkedProjectSchema, { ...ask, method: 'GET', path: apiPath`/v9/projects/${externalId}` });
  // A build from the repository takes up the variables of now; a repeated deployment may keep those it had.
  const source = link ? { gitSource: sourceOf(link, ref) } : { deploymentId: await latestDeployment(externalId, ask) };
  const json = { name, project: externalId, target: 'production', ...source };
  return callVercel(deploymentSchema, { ...ask, method: 'POST', path: '/v13/deployments', query: { forceNew: '1' }, json });
}

function sourceOf(link: Link, ref = link.productionBranch) {
  switch (link.type) {
    case 'github':
    case 'github-limited':
      return { type: link.type, ref, repoId: link.repoId };
    case 'gitlab':
      return { type: link.type, ref, projectId: link.projectId };
    case 'bitbucket':
      return { type: link.type, ref, repoUuid: link.uuid, workspaceUuid: link.workspaceUuid };
    default:
      return link satisfies never;
  }
}

async function latestDeployment(projectId: string, ask: Pick<Place, 'token'> & { teamId: string | null }): Promise<string> {
  const query = { projectId, target: 'production', state: 'READY', limit: '1' };
  const { deployments } = await callVercel(deploymentsSchema, { ...ask, method: 'GET', path: '/v6/deployments', query });
  const [latest] = deployments;
  if (!latest) throw new IntegrationError('deployment_refused');
  return latest.uid;
}

/** What Vercel gives at once. */
const PAGE_SIZE = 100;

/**
 * The projects of a person and of that person's teams. A token may be for one team alone, so a part that it may not see
 * is left out, as long as there is one that it may.
 */
async function listProjects(token: Secret, search: string | undefined, limit: number): Promise<FoundPlace[]> {
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

/** The environment variables of Vercel's projects. Production and preview values can be written there, not read. */
export const vercel: Integration = {
  provider: 'vercel',
  isOwnTarget,
  listPlaces: (token, { search, limit = 50 } = {}) => listProjects(token, search, limit),
  readPlace: async ({ token, externalId, accountId }) => {
    const found = await callVercel(projectSchema, { method: 'GET', path: apiPath`/v9/projects/${externalId}`, token, teamId: accountId });
    return { externalId: found.id, accountId, name: found.name };
  },
  listOwnTargets,
  listInherited: async () => [],
  putVariables,
  compareVariables,
  redeploy,
};
