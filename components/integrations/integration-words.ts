import { PROVIDERS, targetName } from '#components/data/providers.ts';
import type { StateKind } from '#components/ui/state.tsx';
import { listWords } from '#components/ui/words.ts';
import type { IntegrationTargetWire, IntegrationWire } from '#lib/contract/integration.ts';

export interface StateWords {
  kind: StateKind;
  label: string;
}

/** `isSyncing`: a sync of the integration is queued or running. */
export function targetState(
  { state, failure_code: code, kept_at: keptAt }: Pick<IntegrationTargetWire, 'state' | 'failure_code' | 'kept_at'>,
  isSyncing: boolean,
): StateWords {
  switch (state) {
    case 'pending':
      return { kind: 'running', label: isSyncing ? 'Sending' : 'Waiting' };
    case 'in_sync':
      return { kind: 'ok', label: 'In sync' };
    case 'unverified':
      return { kind: 'not-readable', label: code === null ? 'Sent, not readable' : 'Sent, not verified' };
    case 'failed':
      return isSyncing ? { kind: 'running', label: 'Trying again' } : { kind: 'failed', label: 'Failed' };
    case 'drifted':
      return keptAt === null ? { kind: 'changed-there', label: 'Drifted' } : { kind: 'ticked', label: 'Drift kept' };
  }
}

/** Of all targets: the one that most needs a person. */
export function integrationState({ state, sync, targets }: IntegrationWire): StateWords {
  const alike = targets.filter((target) => target.state === state);
  return targetState(alike.find(({ kept_at: keptAt }) => keptAt === null) ?? alike[0] ?? { state, failure_code: null, kept_at: null }, sync !== null);
}

/** The targets that somebody changed there, and of which nobody has said yet what is to stand. */
export const driftedTargets = ({ targets }: Pick<IntegrationWire, 'targets'>): IntegrationTargetWire[] =>
  targets.filter(({ state, kept_at: keptAt }) => state === 'drifted' && keptAt === null);

/** Whether it needs a person; not while a sync is in progress. */
export const needsPerson = (integration: IntegrationWire): boolean =>
  integration.sync === null && (integration.state === 'failed' || driftedTargets(integration).length > 0);

/** What is written there: the name of one variable, the count of more. */
export function variablesWords({ provider, config: { variables } }: IntegrationWire): string {
  const { variable } = PROVIDERS[provider];
  const [first] = variables;
  if (!first || variables.length > 1) return `${variables.length} ${variable}s`;
  return variable === 'secret' ? `secret ${first.name}` : first.name;
}

/** The targets in the order in which they are offered, with those of the place itself at the end. */
export function sortedTargets({ provider, targets }: IntegrationWire): IntegrationTargetWire[] {
  const order = PROVIDERS[provider].targets.map(({ value }) => value);
  const placeOf = (target: string) => (order.includes(target) ? order.indexOf(target) : order.length);
  return targets.toSorted((a, b) => placeOf(a.target) - placeOf(b.target));
}

/** Whether the one target that the provider has is written, so that naming it says nothing. */
export const hasOneTarget = ({ provider, targets }: IntegrationWire): boolean => PROVIDERS[provider].targets.length === 1 && targets.length === 1;

/** Where it is written, in small letters behind other words; empty where naming it says nothing. */
export const targetsWords = (integration: IntegrationWire): string =>
  hasOneTarget(integration) ? '' : listWords(sortedTargets(integration).map(({ target }) => targetName(integration.provider, target).toLowerCase()));

/** Whether all targets say the same, so that one line tells of them all. */
export const isUniform = ({ targets }: IntegrationWire): boolean =>
  targets.every(
    ({ state, version, failure_code: code, kept_at: keptAt }) =>
      state === targets[0]?.state && version === targets[0].version && code === targets[0].failure_code && (keptAt === null) === (targets[0].kept_at === null),
  );

/** The oldest version that one of the targets holds; null where one holds none yet. */
export function heldVersion({ targets }: IntegrationWire): number | null {
  const versions = targets.map(({ version }) => version);
  return versions.includes(null) ? null : Math.min(...versions.map(Number));
}

/** When the last target was written. */
export function syncedAt({ targets }: IntegrationWire): string | null {
  const times = targets.map(({ synced_at: at }) => at).filter((at) => at !== null);
  return times.toSorted().at(-1) ?? null;
}

export interface Trouble {
  /** Where; empty where it concerns all. */
  where: string;
  text: string;
  code: string;
}

/** What went wrong and what to do, once for each reason. */
export function troublesOf(integration: IntegrationWire): Trouble[] {
  const { provider, targets } = integration;
  const byText = new Map<string, Trouble & { at: string[] }>();
  const add = (text: string, code: string, at: string) => {
    const known = byText.get(text);
    if (known) known.at.push(at);
    else byText.set(text, { where: '', text, code, at: [at] });
  };
  for (const { target, failure, failure_code: code, refusals, kept_at: keptAt } of targets) {
    // What a person keeps is no trouble any more.
    if (keptAt !== null) continue;
    const name = targetName(provider, target);
    if (refusals.length > 0) for (const refusal of refusals) add(refusal.failure, refusal.code, `${refusal.name}, ${name.toLowerCase()}`);
    else if (failure !== null && code !== null) add(failure, code, name);
  }
  return [...byText.values()].map(({ at, ...trouble }) => ({ ...trouble, where: at.length === targets.length && !at[0]?.includes(',') ? '' : listWords(at) }));
}

/** What a look found where nothing was changed. */
export function checkedWords({ provider, targets }: Pick<IntegrationWire, 'provider' | 'targets'>): string {
  const { name, variable } = PROVIDERS[provider];
  if (targets.some(({ kept_at: keptAt }) => keptAt !== null)) return `${name} still holds the changed value.`;
  if (targets.every(({ state }) => state === 'in_sync')) return `${name} holds what Rekey wrote.`;
  if (targets.some(({ state }) => state === 'in_sync')) return `${name} holds what Rekey wrote, as far as it can be read back.`;
  return `The ${variable}s are there; ${name} does not show their values.`;
}

/** Whose word it is that what was changed there stands, for each who gave it. */
export function keepersOf({ targets }: IntegrationWire): { by: string; at: string }[] {
  const byName = new Map<string, string>();
  for (const { kept_at: at, kept_by: by } of targets) if (at !== null && by !== null) byName.set(by, at);
  return [...byName].map(([by, at]) => ({ by, at }));
}

/** What a person does about a failure, beside trying again. */
export type Fix = 'token' | 'place' | 'variables' | 'deployment' | 'sync';

export function fixOf(code: string): Fix {
  switch (code) {
    case 'token_refused':
    case 'permission_missing':
    case 'secret_unreadable':
      return 'token';
    case 'place_missing':
      return 'place';
    case 'managed_elsewhere':
    case 'value_refused':
    case 'target_conflict':
      return 'variables';
    case 'deployment_refused':
    case 'address_refused':
    case 'no_way_to_redeploy':
      return 'deployment';
    default:
      return 'sync';
  }
}
