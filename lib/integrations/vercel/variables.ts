import { z } from 'zod';
import { apiPath } from '#lib/integrations/call-provider.ts';
import { type HeldValue, IntegrationError, type OwnTarget, type Place, type Refusal, type Variable } from '#lib/integrations/integration.ts';
import { putSeparately } from '#lib/integrations/put-separately.ts';
import { callVercel, failureOfVariable } from './client.ts';
import { putSchema, type StandingVariable, variableSchema, variablesSchema } from './schemas.ts';
import { ownTargetsOf, scopeOf, targetsOf } from './targets.ts';

async function readAll({ externalId, accountId: teamId, token }: Place): Promise<StandingVariable[]> {
  const { envs } = await callVercel(variablesSchema, { method: 'GET', path: apiPath`/v10/projects/${externalId}/env`, token, teamId });
  return envs;
}

/** What stands for a target itself: what stands for a branch of preview does not stand for preview. */
const readStanding = async (place: Place, target: string): Promise<StandingVariable[]> =>
  (await readAll(place)).filter((one) => targetsOf(one).includes(target));

/** As Integration.listOwnTargets tells. */
export const listOwnTargets = async (place: Place): Promise<OwnTarget[]> => ownTargetsOf(await readAll(place));

/** As Integration.putVariables tells. */
export async function putVariables(place: Place, target: string, variables: Variable[]): Promise<Refusal[]> {
  const standing = await readStanding(place, target);
  // Another integration of Vercel's looks after these, and would put its own value back.
  const isManaged = ({ name }: Variable) => standing.some(({ key, configurationId, contentHint }) => key === name && (configurationId || contentHint));
  const refusals = variables.filter(isManaged).map(({ name }): Refusal => ({ name, code: 'managed_elsewhere' }));
  const rest = variables.filter((variable) => !isManaged(variable));
  const shared = new Map(standing.filter(isShared).map(({ key, id }) => [key, id]));
  for (const variable of rest) {
    const id = shared.get(variable.name);
    if (id !== undefined) refusals.push(...(await putSeparately([variable], () => edit(place, id, variable))));
  }
  const own = rest.filter(({ name }) => !shared.has(name));
  return [...refusals, ...(await putSeparately(own, (some) => upsert(place, target, some)))];
}

/** Whether one value stands for other targets too, as where a person chose them all: an upsert for one of them is a conflict. */
const isShared = (standing: StandingVariable): boolean => targetsOf(standing).length > 1;

/** Changes the value alone: its targets all use one database, and none is left with the old password. */
async function edit({ externalId, accountId: teamId, token }: Place, id: string, { value }: Variable): Promise<Refusal[]> {
  const path = apiPath`/v9/projects/${externalId}/env/${id}`;
  await callVercel(z.unknown(), { method: 'PATCH', path, token, teamId, json: { value: value.reveal() } });
  return [];
}

async function upsert({ externalId, accountId: teamId, token }: Place, target: string, variables: Variable[]): Promise<Refusal[]> {
  const json = variables.map(({ name, value }) => ({
    key: name,
    value: value.reveal(),
    // Vercel refuses `sensitive` for development.
    type: target === 'development' ? 'encrypted' : 'sensitive',
    ...scopeOf(target),
    comment: 'Kept up to date by Rekey.',
  }));
  const path = apiPath`/v10/projects/${externalId}/env`;
  const { failed } = await callVercel(putSchema, { method: 'POST', path, token, teamId, query: { upsert: 'true' }, json });
  return failed.map(({ error }) => {
    const code = failureOfVariable(error.code);
    const name = error.key ?? error.envVarKey;
    // Some variable failed, and Vercel does not say which: each is asked for alone.
    if (name === undefined || variables.every((variable) => variable.name !== name)) throw new IntegrationError(code);
    return { name, code };
  });
}

/** As Integration.compareVariables tells. */
export async function compareVariables(place: Place, target: string, variables: Variable[]): Promise<Record<string, HeldValue>> {
  const standing = await readStanding(place, target);
  const held: Record<string, HeldValue> = {};
  for (const { name, value } of variables) {
    const found = standing.find(({ key }) => key === name);
    held[name] = found ? await compare(place, found, value.reveal()) : 'absent';
  }
  return held;
}

async function compare({ externalId, accountId: teamId, token }: Place, standing: StandingVariable, wanted: string): Promise<HeldValue> {
  if (standing.type === 'sensitive') return 'unreadable';
  // A list shows plain values alone; others are opened one by one.
  const isOpen = standing.type === 'plain' || standing.decrypted === true;
  const path = apiPath`/v1/projects/${externalId}/env/${standing.id}`;
  const read = isOpen ? standing : await callVercel(variableSchema, { method: 'GET', path, token, teamId });
  if (read.value === undefined || (!isOpen && read.decrypted !== true)) return 'unreadable';
  return read.value === wanted ? 'same' : 'other';
}
