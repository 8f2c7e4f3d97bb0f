import { z } from 'zod';
import { apiPath } from '#lib/integrations/api-path.ts';
import type { HeldValue, Place, Refusal, Variable } from '#lib/integrations/integration.ts';
import { putApart } from '#lib/integrations/put-apart.ts';
import { callGithub, repositoryPath } from './client.ts';
import { publicKeySchema, secretsSchema } from './schemas.ts';
import { sealValue } from './seal-value.ts';

const PAGE_SIZE = 100;

/** As Integration.putVariables tells. */
export async function putVariables({ token, externalId }: Place, _target: string, variables: Variable[]): Promise<Refusal[]> {
  const base = `${repositoryPath(externalId)}/actions/secrets`;
  const { key, key_id } = await callGithub(publicKeySchema, { method: 'GET', path: `${base}/public-key`, token });
  const refusals: Refusal[] = [];
  for (const variable of variables) {
    const put = async (): Promise<Refusal[]> => {
      const json = { encrypted_value: await sealValue(variable.value, key), key_id };
      await callGithub(z.unknown(), { method: 'PUT', path: base + apiPath`/${variable.name}`, token, json });
      return [];
    };
    refusals.push(...(await putApart([variable], put)));
  }
  return refusals;
}

/** As Integration.compareVariables tells: GitHub shows names alone, in capitals. */
export async function compareVariables({ token, externalId }: Place, _target: string, variables: Variable[]): Promise<Record<string, HeldValue>> {
  const path = `${repositoryPath(externalId)}/actions/secrets`;
  const names = new Set<string>();
  for (let page = 1, total = 1; (page - 1) * PAGE_SIZE < total; page++) {
    const query = { per_page: String(PAGE_SIZE), page: String(page) };
    const { secrets, total_count } = await callGithub(secretsSchema, { method: 'GET', path, token, query });
    for (const { name } of secrets) names.add(name);
    total = total_count;
  }
  return Object.fromEntries(variables.map(({ name }) => [name, names.has(name.toUpperCase()) ? 'unreadable' : 'absent']));
}
