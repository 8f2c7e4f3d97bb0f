import { IntegrationError, type OwnTarget, type Place } from '#lib/integrations/integration.ts';
import { callGithub, repositoryPath } from './client.ts';
import { environmentsSchema } from './schemas.ts';
import { ENVIRONMENT, listSecrets } from './secrets.ts';

/** The secrets of an environment are written `environment:production`. A job that runs in it reads them before those of the repository. */
export const isEnvironment = (target: string): boolean => target.startsWith(ENVIRONMENT) && target.length > ENVIRONMENT.length;

/** As Integration.listOwnTargets tells; a token may be without the right to read environments, or their secrets. */
export async function listEnvironments(place: Place): Promise<OwnTarget[]> {
  const path = `${repositoryPath(place.externalId)}/environments`;
  const { environments } = await callGithub(environmentsSchema, { method: 'GET', path, token: place.token, query: { per_page: '100' } }).catch(
    orNone({ environments: [] }),
  );
  const found: OwnTarget[] = [];
  for (const { name } of environments) {
    const target = ENVIRONMENT + name;
    found.push({ target, variables: [...(await listSecrets(place, target).catch(orNone(new Set<string>())))] });
  }
  return found;
}

const orNone =
  <T>(none: T) =>
  (error: unknown): T => {
    if (error instanceof IntegrationError && ['permission_missing', 'place_missing'].includes(error.code)) return none;
    throw error;
  };
