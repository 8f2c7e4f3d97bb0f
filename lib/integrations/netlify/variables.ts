import { z } from 'zod';
import { apiPath } from '#lib/integrations/api-path.ts';
import type { HeldValue, Place, Refusal, Variable } from '#lib/integrations/integration.ts';
import { putApart } from '#lib/integrations/put-apart.ts';
import { callNetlify } from './client.ts';
import { readSite } from './read-site.ts';
import { type StandingVariable, variablesSchema } from './schemas.ts';

interface Env {
  token: Place['token'];
  account: string;
  query: { site_id: string };
}

/** Where the variables of a site are: below its account. */
async function envOf(place: Place): Promise<Env> {
  const account = place.accountId ?? (await readSite(place)).account_id;
  return { token: place.token, account, query: { site_id: place.externalId } };
}

const readStanding = ({ token, account, query }: Env): Promise<StandingVariable[]> =>
  callNetlify(variablesSchema, { method: 'GET', path: apiPath`/accounts/${account}/env`, token, query });

/** As Integration.putVariables tells. */
export async function putVariables(place: Place, target: string, variables: Variable[]): Promise<Refusal[]> {
  const env = await envOf(place);
  const standing = new Set((await readStanding(env)).map(({ key }) => key));
  const refusals = await putApart(
    variables.filter(({ name }) => !standing.has(name)),
    (some) => create(env, target, some),
  );
  for (const variable of variables) {
    if (standing.has(variable.name)) refusals.push(...(await putApart([variable], () => change(env, target, variable))));
  }
  return refusals;
}

/** Without scopes, which a free plan refuses. */
async function create({ token, account, query }: Env, target: string, variables: Variable[]): Promise<Refusal[]> {
  const json = variables.map(({ name, value }) => ({ key: name, is_secret: true, values: [{ context: target, value: value.reveal() }] }));
  await callNetlify(z.unknown(), { method: 'POST', path: apiPath`/accounts/${account}/env`, token, query, json });
  return [];
}

/** The values of other contexts stay as they are. */
async function change({ token, account, query }: Env, target: string, { name, value }: Variable): Promise<Refusal[]> {
  const json = { context: target, value: value.reveal() };
  await callNetlify(z.unknown(), { method: 'PATCH', path: apiPath`/accounts/${account}/env/${name}`, token, query, json });
  return [];
}

/** As Integration.compareVariables tells. */
export async function compareVariables(place: Place, target: string, variables: Variable[]): Promise<Record<string, HeldValue>> {
  const standing = await readStanding(await envOf(place));
  return Object.fromEntries(
    variables.map(({ name, value }) => [
      name,
      compare(
        standing.find(({ key }) => key === name),
        target,
        value.reveal(),
      ),
    ]),
  );
}

function compare(standing: StandingVariable | undefined, target: string, wanted: string): HeldValue {
  // A context without a value of its own has that of `all`.
  const found = standing?.values.find(({ context }) => context === target) ?? standing?.values.find(({ context }) => context === 'all');
  if (!standing || !found) return 'absent';
  if (found.value === wanted) return 'same';
  // Of a secret only the value for local development is shown; in place of the others stands a mask.
  return standing.is_secret && found.context !== 'dev' ? 'unreadable' : 'other';
}
