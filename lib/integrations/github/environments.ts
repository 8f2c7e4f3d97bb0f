import pLimit from 'p-limit';
import type { Inherited, OwnTarget, Place } from '#lib/integrations/integration.ts';
import { noneUnseen } from '#lib/integrations/none-unseen.ts';
import { callGithub, repositoryPath } from './client.ts';
import { environmentsSchema } from './schemas.ts';
import { ENVIRONMENT, listSecrets, listShared, REPOSITORY } from './secrets.ts';

/** The secrets of an environment are written `environment:production`. A job that runs in it reads them before those of the repository. */
export const isEnvironment = (target: string): boolean => target.startsWith(ENVIRONMENT) && target.length > ENVIRONMENT.length;

/** Environments that are read at once: a repository may have a hundred. */
const AT_ONCE = 5;

/** As Integration.listOwnTargets tells; a token may be without the right to read environments, or their secrets. */
export async function listEnvironments(place: Place): Promise<OwnTarget[]> {
  const path = `${repositoryPath(place.externalId)}/environments`;
  const { environments } = await callGithub(environmentsSchema, { method: 'GET', path, token: place.token, query: { per_page: '100' } }).catch(
    noneUnseen({ environments: [] }),
  );
  const some = pLimit(AT_ONCE);
  return Promise.all(
    environments.map(({ name }) =>
      some(async (): Promise<OwnTarget> => {
        const target = ENVIRONMENT + name;
        return { target, variables: [...(await listSecrets(place, target).catch(noneUnseen(new Set<string>())))], over: [REPOSITORY] };
      }),
    ),
  );
}

/** As Integration.listInherited tells: the repository of a person inherits nothing. */
export async function listInherited(place: Place): Promise<Inherited[]> {
  const names = await listShared(place).catch(noneUnseen(new Set<string>()));
  return names.size > 0 ? [{ from: 'organization', variables: [...names] }] : [];
}
