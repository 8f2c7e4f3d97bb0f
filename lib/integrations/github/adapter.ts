import { apiPath } from '#lib/integrations/api-path.ts';
import { beginDeployment } from '#lib/integrations/begin-deployment.ts';
import { findInPages } from '#lib/integrations/find-in-pages.ts';
import { type Integration, IntegrationError, type Place, type Redeploy } from '#lib/integrations/integration.ts';
import { callGithub, repositoryPath } from './client.ts';
import { isEnvironment, listEnvironments, listInherited } from './environments.ts';
import { dispatchSchema, repositoriesSchema, repositorySchema } from './schemas.ts';
import { compareVariables, putVariables, REPOSITORY } from './secrets.ts';

const readRepository = ({ token, externalId }: Pick<Place, 'token' | 'externalId'>) =>
  callGithub(repositorySchema, { method: 'GET', path: repositoryPath(externalId), token });

/** Begins a workflow that can be begun by hand; on the default branch where no other is told. */
async function dispatch(place: Place, how: Redeploy): Promise<{ id: string | null }> {
  if (how.by === 'hook' || !how.workflow) throw new IntegrationError('deployment_refused');
  const path = repositoryPath(place.externalId) + apiPath`/actions/workflows/${how.workflow}/dispatches`;
  const ref = how.ref ?? (await readRepository(place)).default_branch;
  const run = await callGithub(dispatchSchema, { method: 'POST', path, token: place.token, json: { ref } });
  return { id: run ? String(run.workflow_run_id) : null };
}

/** The Actions secrets of GitHub's repositories and of their environments: values can be written there, never read. */
export const github: Integration = {
  provider: 'github',
  targets: [REPOSITORY],
  isOwnTarget: isEnvironment,
  redeployBy: ['api'],
  listPlaces: (token, { search, limit = 50 } = {}) =>
    findInPages({ search, limit }, async (page, size) => {
      const query = { sort: 'pushed', page: String(page), per_page: String(size) };
      const repositories = await callGithub(repositoriesSchema, { method: 'GET', path: '/user/repos', token, query });
      return repositories.map(({ full_name: name, archived, permissions }) =>
        archived || permissions?.push === false ? null : { externalId: name, accountId: null, name },
      );
    }),
  readPlace: async (place) => {
    const { full_name: name } = await readRepository(place);
    return { externalId: name, accountId: null, name };
  },
  listOwnTargets: listEnvironments,
  listInherited,
  putVariables,
  compareVariables,
  redeploy: (place, how) => beginDeployment(() => dispatch(place, how)),
};
