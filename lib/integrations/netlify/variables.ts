import { z } from 'zod';
import { apiPath } from '#lib/integrations/call-provider.ts';
import { emptyIfHidden } from '#lib/integrations/empty-if-hidden.ts';
import { type HeldValue, type Inherited, IntegrationError, type OwnTarget, type Place, type Refusal, type Variable } from '#lib/integrations/integration.ts';
import { putSeparately } from '#lib/integrations/put-separately.ts';
import { callNetlify } from './client.ts';
import { contextOf, ownTargetsOf, partsOf, readBy, SECRET_CONTEXTS, valueFor } from './contexts.ts';
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

/** Without a site, the variables that all sites of the account share. */
const readStanding = ({ token, account, query }: Omit<Env, 'query'> & { query?: Env['query'] }): Promise<StandingVariable[]> =>
  callNetlify(variablesSchema, { method: 'GET', path: apiPath`/accounts/${account}/env`, token, ...(query && { query }) });

/** As Integration.listOwnTargets tells. */
export const listOwnTargets = async (place: Place): Promise<OwnTarget[]> => ownTargetsOf(await readStanding(await envOf(place)).catch(emptyIfHidden([])));

/** As Integration.listInherited tells. */
export async function listInherited(place: Place): Promise<Inherited[]> {
  const { token, account } = await envOf(place);
  const shared = await readStanding({ token, account }).catch(emptyIfHidden([]));
  return shared.length > 0 ? [{ from: 'team', variables: shared.map(({ key }) => key) }] : [];
}

/** As Integration.putVariables tells. A variable that a person made readable stays so. */
export async function putVariables(place: Place, target: string, variables: Variable[]): Promise<Refusal[]> {
  const env = await envOf(place);
  const standing = new Map((await readStanding(env)).map((one) => [one.key, one]));
  const refusals = await putSeparately(
    variables.filter(({ name }) => !standing.has(name)),
    (some) => create(env, target, some),
  );
  for (const variable of variables) {
    const found = standing.get(variable.name);
    if (found) refusals.push(...(await putSeparately([variable], () => change(env, found, target, variable))));
  }
  return refusals;
}

/** Makes secrets; not of a value for local development, which a secret shows to everybody and may not begin with. */
async function create(env: Env, target: string, variables: Variable[]): Promise<Refusal[]> {
  const { token, account, query } = env;
  const contexts = target === 'all' ? SECRET_CONTEXTS : [target];
  const post = async (kind: Kind) => {
    const json = variables.map(({ name, value }) => ({ key: name, ...kind, values: contexts.map((one) => ({ ...contextOf(one), value: value.reveal() })) }));
    await callNetlify(z.unknown(), { method: 'POST', path: apiPath`/accounts/${account}/env`, token, query, json });
  };
  await (target === 'dev' ? post({}) : asSecret(post));
  if (target === 'all') for (const variable of variables) await patch(env, 'dev', variable);
  return [];
}

interface Kind {
  is_secret?: true;
  scopes?: string[];
}

/** The scopes that a secret must have where the plan knows scopes (https://docs.netlify.com/build/environment-variables/secrets-controller). */
const SECRET_SCOPES = ['builds', 'functions', 'runtime'];

async function asSecret(send: (kind: Kind) => Promise<void>): Promise<void> {
  try {
    await send({ is_secret: true, scopes: SECRET_SCOPES });
  } catch (error) {
    // A plan without scopes refuses to be given any.
    if (!(error instanceof IntegrationError && ['permission_missing', 'value_refused'].includes(error.code))) throw error;
    await send({ is_secret: true });
  }
}

/** The values of other contexts stay as they are. */
async function change(env: Env, standing: StandingVariable, target: string, variable: Variable): Promise<Refusal[]> {
  const isLocal = !standing.is_secret && standing.values.every(({ context }) => context === 'dev');
  if (isLocal && target !== 'dev') await makeSecret(env, standing, target, variable);
  else for (const part of partsOf(standing, target)) await patch(env, part, variable);
  return [];
}

/** What stood for local development alone is no secret yet: added to it, the value would be readable. */
async function makeSecret({ token, account, query }: Env, standing: StandingVariable, target: string, { name, value }: Variable): Promise<void> {
  const added = partsOf(standing, target).map((part) => ({ ...contextOf(part), value: value.reveal() }));
  const kept = added.some(({ context }) => context === 'dev') ? [] : standing.values.map(({ context, value: local }) => ({ context, value: local }));
  const path = apiPath`/accounts/${account}/env/${name}`;
  await asSecret(async (kind) => {
    await callNetlify(z.unknown(), { method: 'PUT', path, token, query, json: { key: name, ...kind, values: [...added, ...kept] } });
  });
}

async function patch({ token, account, query }: Env, target: string, { name, value }: Variable): Promise<void> {
  const json = { ...contextOf(target), value: value.reveal() };
  await callNetlify(z.unknown(), { method: 'PATCH', path: apiPath`/accounts/${account}/env/${name}`, token, query, json });
}

/** As Integration.compareVariables tells. */
export async function compareVariables(place: Place, target: string, variables: Variable[]): Promise<Record<string, HeldValue>> {
  const standing = new Map((await readStanding(await envOf(place))).map((one) => [one.key, one]));
  return Object.fromEntries(variables.map(({ name, value }) => [name, compare(standing.get(name), target, value.reveal())]));
}

/** Of several values the one that says most against them. */
const WORST_FIRST: readonly HeldValue[] = ['absent', 'other', 'unreadable', 'same'];

function compare(standing: StandingVariable | undefined, target: string, wanted: string): HeldValue {
  if (!standing) return 'absent';
  const held = partsOf(standing, target).map((part): HeldValue => {
    const found = readBy(part)
      .map((read) => valueFor(standing, read))
      .find((one) => one !== undefined);
    if (!found) return 'absent';
    if (found.value === wanted) return 'same';
    // Of a secret only the value for local development is shown; in place of the others stands a mask.
    return standing.is_secret && found.context !== 'dev' ? 'unreadable' : 'other';
  });
  return WORST_FIRST.find((worst) => held.includes(worst)) ?? 'absent';
}
