import pLimit from 'p-limit';
import { beginDeployment } from '#lib/integrations/begin-deployment.ts';
import { apiPath, findInPages } from '#lib/integrations/call-provider.ts';
import { emptyIfHidden } from '#lib/integrations/empty-if-hidden.ts';
import { type Inherited, type Integration, IntegrationError, type OwnTarget, type Place, type Redeploy } from '#lib/integrations/integration.ts';
import { callGithub, repositoryPath } from './client.ts';
import { dispatchSchema, environmentsSchema, repositoriesSchema, repositorySchema } from './schemas.ts';
import { compareVariables, ENVIRONMENT, listSecrets, listShared, putVariables, REPOSITORY } from './secrets.ts';

/** The secrets of an environment are written `environment:production`. A job that runs in it reads them before those of the repository. */
const isEnvironment = (target: string): boolean => target.startsWith(ENVIRONMENT) && target.length > ENVIRONMENT.length;

/** Environments that are read at once: a repository may have a hundred. */
const AT_ONCE = 5;

/** As Integration.listOwnTargets tells; a token may be without the right to read environments, or their secrets. */
async function listEnvironments(place: Place): Promise<OwnTarget[]> {
  const path = `${repositoryPath(place.externalId)}/environments`;
  const { environments } = await callGithub(environmentsSchema, { method: 'GET', path, token: place.token, query: { per_page: '100' } }).catch(
    emptyIfHidden({ environments: [] }),
  );
  const some = pLimit(AT_ONCE);
  return Promise.all(
    environments.map(({ name }) =>
      some(async (): Promise<OwnTarget> => {
        const target = ENVIRONMENT + name;
        return { target, variables: [...(await listSecrets(place, target).catch(emptyIfHidden(new Set<string>())))], over: [REPOSITORY] };
      }),
    ),
  );
}

/** As Integration.listInherited tells: the repository of a person inherits nothing. */
async function listInherited(place: Place): Promise<Inherited[]> {
  const names = await listShared(place).catch(emptyIfHidden(new Set<string>()));
  return names.size > 0 ? [{ from: 'organization', variables: [...names] }] : [];
}

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
  isOwnTarget: isEnvironment,
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
