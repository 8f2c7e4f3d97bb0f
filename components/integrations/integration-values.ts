import { z } from 'zod';
import { PROVIDERS, type Provider } from '#components/data/providers.ts';
import {
  type ConnectBody,
  connectBody,
  type IntegrationWire,
  type PlaceListWire,
  redeployMode,
  type UpdateIntegrationBody,
  VARIABLE_PRESETS,
  type VariableValue,
  type VariableWire,
} from '#lib/contract/integration.ts';

/** What is written where, and what happens then. The rules are those of the API; texts are empty where nothing was given. */
export const settingsForm = z.object({
  targets: connectBody.shape.targets.unwrap(),
  variables: connectBody.shape.variables.unwrap(),
  redeploy: redeployMode,
  deploy_hook_url: z.union([z.literal(''), connectBody.shape.deploy_hook_url.unwrap()]),
  workflow: z.string().max(200),
  ref: z.string().max(200),
});
export type SettingsValues = z.infer<typeof settingsForm>;

export const connectForm = settingsForm.extend({ place: z.string().min(1, 'Choose one.') });
export type ConnectValues = z.infer<typeof connectForm>;

/** How the parts of a connection are called. */
export const VALUE_LABELS: Record<VariableValue, string> = {
  pooled_url: 'Pooled URL',
  pooled_prisma_url: 'Pooled, Prisma before 7',
  pooled_node_url: 'Pooled, pg or mysql2',
  direct_url: 'Direct URL',
  direct_node_url: 'Direct, pg or mysql2',
  host: 'Host',
  port: 'Port',
  user: 'Role',
  password: 'Password',
  database: 'Database',
};

export const PRESETS = [
  { value: 'urls', label: 'DATABASE_URL' },
  { value: 'node', label: 'pg, mysql2' },
  { value: 'direct_url', label: 'DIRECT_URL' },
  { value: 'pg', label: 'PG*' },
] as const satisfies { value: keyof typeof VARIABLE_PRESETS; label: string }[];
export type Preset = (typeof PRESETS)[number]['value'];

export const variablesOf = (preset: Preset): VariableWire[] => VARIABLE_PRESETS[preset].map((variable) => ({ ...variable }));

/** The preset that these are, or null. */
export const presetOf = (variables: readonly VariableWire[]): Preset | null =>
  PRESETS.map(({ value }) => value).find((preset) => JSON.stringify(variablesOf(preset)) === JSON.stringify(variables)) ?? null;

/** Where there is one place alone it is chosen. */
export const connectDefaults = (provider: Provider, { places, default_variables: variables }: PlaceListWire): ConnectValues => ({
  place: (places.length === 1 && places[0]?.external_id) || '',
  targets: PROVIDERS[provider].targets.filter(({ isDefault }) => isDefault).map(({ value }) => value),
  variables,
  redeploy: 'manual',
  deploy_hook_url: '',
  workflow: '',
  ref: '',
});

/** What is configured now. The deploy hook is never shown again. */
export const settingsOf = ({ config }: IntegrationWire): SettingsValues => ({
  targets: config.targets,
  variables: config.variables,
  redeploy: config.redeploy,
  deploy_hook_url: '',
  workflow: config.workflow ?? '',
  ref: config.ref ?? '',
});

/** All contexts at once leave no room for others beside them. */
export function toggleTarget(targets: readonly string[], target: string, isChosen: boolean): string[] {
  if (!isChosen) return targets.filter((other) => other !== target);
  return target === 'all' ? ['all'] : [...targets.filter((other) => other !== 'all' && other !== target), target];
}

/** The body of `POST …/integrations`. */
export function toConnectBody(provider: Provider, token: string, values: ConnectValues, { places }: PlaceListWire): ConnectBody {
  const { place, targets, variables, redeploy, deploy_hook_url: hook, workflow, ref } = values;
  const by = PROVIDERS[provider].redeploy;
  const byWorkflow = by.api?.needs === 'workflow';
  const accountId = places.find(({ external_id: id }) => id === place)?.account_id ?? null;
  return {
    provider,
    token,
    external_id: place,
    ...(accountId !== null && { account_id: accountId }),
    targets,
    variables,
    redeploy,
    ...(by.hook && hook && { deploy_hook_url: hook }),
    ...(byWorkflow && workflow.trim() && { workflow: workflow.trim() }),
    ...(byWorkflow && ref.trim() && { ref: ref.trim() }),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The body of `PATCH …/{provider}`: what differs, so that nothing is sent to the provider without need. */
export function toUpdateBody(integration: IntegrationWire, values: SettingsValues): UpdateIntegrationBody {
  const before = settingsOf(integration);
  const { targets, variables, redeploy, deploy_hook_url: hook, workflow, ref } = values;
  return {
    ...(!same([...targets].sort(), [...before.targets].sort()) && { targets }),
    ...(!same(variables, before.variables) && { variables }),
    ...(redeploy !== before.redeploy && { redeploy }),
    ...(hook && { deploy_hook_url: hook }),
    ...(workflow.trim() !== before.workflow && { workflow: workflow.trim() || null }),
    ...(ref.trim() !== before.ref && { ref: ref.trim() || null }),
  };
}
