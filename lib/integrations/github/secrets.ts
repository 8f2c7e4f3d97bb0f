import { z } from 'zod';
import type { Secret } from '#lib/crypto/secret.ts';
import { apiPath } from '#lib/integrations/call-provider.ts';
import type { HeldValue, Place, Refusal, Variable } from '#lib/integrations/integration.ts';
import { putSeparately } from '#lib/integrations/put-separately.ts';
import { callGithub, repositoryPath } from './client.ts';
import { publicKeySchema, secretsSchema } from './schemas.ts';

/** A value as GitHub takes it: a libsodium sealed box, in base64, that only the holder of the key's other half opens. */
async function sealValue(value: Secret, publicKey: string): Promise<string> {
  // Loaded where it is needed: it takes 20 MB, and most processes never seal anything.
  const { default: sodium } = await import('libsodium-wrappers');
  await sodium.ready;
  return Buffer.from(sodium.crypto_box_seal(value.reveal(), Buffer.from(publicKey, 'base64'))).toString('base64');
}

const PAGE_SIZE = 100;

export const ENVIRONMENT = 'environment:';
export const REPOSITORY = 'actions';

/** Where the secrets of a target are: those of the repository, or of one of its environments. */
const secretsPath = (externalId: string, target: string): string =>
  repositoryPath(externalId) + (target.startsWith(ENVIRONMENT) ? apiPath`/environments/${target.slice(ENVIRONMENT.length)}/secrets` : '/actions/secrets');

/** As Integration.putVariables tells. */
export async function putVariables({ token, externalId }: Place, target: string, variables: Variable[]): Promise<Refusal[]> {
  const base = secretsPath(externalId, target);
  const { key, key_id } = await callGithub(publicKeySchema, { method: 'GET', path: `${base}/public-key`, token });
  const refusals: Refusal[] = [];
  for (const variable of variables) {
    const put = async (): Promise<Refusal[]> => {
      const json = { encrypted_value: await sealValue(variable.value, key), key_id };
      await callGithub(z.unknown(), { method: 'PUT', path: base + apiPath`/${variable.name}`, token, json });
      return [];
    };
    refusals.push(...(await putSeparately([variable], put)));
  }
  return refusals;
}

/** The names of all secrets of a target, in capitals. Throws IntegrationError. */
export const listSecrets = (place: Place, target: string): Promise<Set<string>> => listNames(place, secretsPath(place.externalId, target));

/** The names of the secrets that the organization shares with a repository. Throws IntegrationError. */
export const listShared = (place: Place): Promise<Set<string>> => listNames(place, `${repositoryPath(place.externalId)}/actions/organization-secrets`);

async function listNames({ token }: Place, path: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (let page = 1, total = 1; (page - 1) * PAGE_SIZE < total; page++) {
    const query = { per_page: String(PAGE_SIZE), page: String(page) };
    const { secrets, total_count } = await callGithub(secretsSchema, { method: 'GET', path, token, query });
    for (const { name } of secrets) names.add(name);
    total = total_count;
  }
  return names;
}

/** As Integration.compareVariables tells: GitHub shows names alone, in capitals. */
export async function compareVariables(place: Place, target: string, variables: Variable[]): Promise<Record<string, HeldValue>> {
  const names = await listSecrets(place, target);
  return Object.fromEntries(variables.map(({ name }) => [name, names.has(name.toUpperCase()) ? 'unreadable' : 'absent']));
}
