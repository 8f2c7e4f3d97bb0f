import { PROVIDERS, placeName } from '#components/data/providers.ts';
import type { StateKind } from '#components/ui/state.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { heldVersion, keepersOf, needsPerson, syncedAt, targetsWords, troublesOf } from './integration-words.ts';
import { type Deployment, deploymentOf } from './redeploy-words.ts';

/** What the runbook of a rotation says of an integration. */
export interface RunbookItem {
  /** Whether a person has to do something. */
  isOpen: boolean;
  kind: StateKind;
  title: string;
  text: string;
  /** What the person presses. */
  act: 'sync' | 'redeploy' | null;
  at: string | null;
}

const count = (integration: IntegrationWire): string => {
  const { variable } = PROVIDERS[integration.provider];
  const many = integration.config.variables.length;
  const where = targetsWords(integration);
  return `${many === 1 ? `1 ${variable}` : `${many} ${variable}s`}${where && `, ${where}`}`;
};

const troubleWords = (integration: IntegrationWire): string =>
  troublesOf(integration)
    .map(({ where, text }) => (where ? `${where}: ${text}` : text))
    .join(' ');

function subject({ provider, targets }: IntegrationWire): string {
  if (PROVIDERS[provider].variable === 'secret') return 'Secrets';
  return targets.some(({ state }) => state === 'in_sync') ? 'Some of these variables' : 'These variables';
}

function deploymentWords(deployment: Deployment): string {
  switch (deployment.is) {
    case 'started':
      return 'a redeployment has started';
    case 'asked':
      return 'a redeployment is being requested';
    case 'next-run':
      return 'the next workflow run uses it';
    case 'waiting':
    case 'due':
    case 'failed':
      return '';
  }
}

/** How an integration stands to the version that a completed rotation made. */
export function runbookItem(integration: IntegrationWire, version: number): RunbookItem {
  const { sync, state, provider } = integration;
  const name = placeName(integration);
  const at = syncedAt(integration);
  if (sync)
    return {
      isOpen: false,
      kind: 'running',
      title: `${name} is being updated to v${version}`,
      text: troubleWords(integration) || count(integration),
      act: null,
      at: null,
    };
  const held = heldVersion(integration);
  const isKept = integration.targets.some(({ kept_at: keptAt }) => keptAt !== null);
  if (isKept && !needsPerson(integration))
    return {
      isOpen: false,
      kind: 'ticked',
      title: `${name} keeps the changed value`,
      text: keepersOf(integration)
        .map(({ by }) => `${by} chose so`)
        .join(' · '),
      act: null,
      at,
    };
  if (held === null || held < version || state === 'failed' || state === 'drifted')
    return {
      isOpen: true,
      kind: state === 'drifted' ? 'changed-there' : 'failed',
      title: `Sync v${version} to ${name}`,
      text: troubleWords(integration) || 'It has not been written there.',
      act: 'sync',
      at: null,
    };
  const deployment = deploymentOf(integration, version);
  const { variable } = PROVIDERS[provider];
  if (deployment.is === 'due') {
    const are = integration.config.variables.length === 1 ? `The ${variable} is` : `The ${variable}s are`;
    return {
      isOpen: true,
      kind: 'to-do',
      title: `Redeploy ${name}`,
      text: `${are} in place. Running deployments still have the old password.`,
      act: 'redeploy',
      at: null,
    };
  }
  if (deployment.is === 'failed') return { isOpen: true, kind: 'failed', title: `Redeploy ${name}`, text: deployment.text, act: 'redeploy', at: null };
  const more = deploymentWords(deployment);
  const isProven = state === 'in_sync';
  const text = isProven ? count(integration) : `${subject(integration)} cannot be read back, so that it holds v${version} is not proven`;
  return {
    isOpen: false,
    kind: isProven ? 'ok' : 'not-readable',
    title: isProven ? `${name} has v${version}` : `${name} was sent v${version}`,
    text: [text, more].filter(Boolean).join(' · '),
    act: null,
    at,
  };
}
