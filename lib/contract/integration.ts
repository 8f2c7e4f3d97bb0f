import { z } from 'zod';
import { id, projectParams, time } from './common.ts';
import { job } from './job.ts';
import { PROVIDER_NAMES } from './providers/providers.ts';
import { rotationWarning } from './rotation.ts';

export const provider = z.enum(PROVIDER_NAMES);

/**
 * Which part of the connection a variable holds; `pooled_url` is the direct one where there is no pooler, `host` and
 * `port` are the direct ones. `pooled_prisma_url` is the pooled one of PostgreSQL with `pgbouncer=true`, by which Prisma
 * before 7 leaves prepared statements alone; other clients refuse it. `pooled_node_url` and `direct_node_url` say the TLS mode as
 * node-postgres (with Drizzle and Prisma 7) and mysql2 read it. postgres.js and clients of libpq refuse those: they read the plain URLs.
 */
export const variableValue = z.enum([
  'pooled_url',
  'pooled_prisma_url',
  'pooled_node_url',
  'direct_url',
  'direct_node_url',
  'host',
  'port',
  'user',
  'password',
  'database',
]);
export type VariableValue = z.infer<typeof variableValue>;
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,254}$/, 'Use letters, digits and underscores, and no digit at the beginning.');
export const variable = z.strictObject({ name: variableName, value: variableValue });
export type VariableWire = z.infer<typeof variable>;

/** Sets of variables that frameworks and providers look for. */
export const VARIABLE_PRESETS = {
  urls: [
    { name: 'DATABASE_URL', value: 'pooled_url' },
    { name: 'DATABASE_URL_UNPOOLED', value: 'direct_url' },
  ],
  /** Prisma's schemas, as Supabase has them. */
  direct_url: [
    { name: 'DATABASE_URL', value: 'pooled_prisma_url' },
    { name: 'DIRECT_URL', value: 'direct_url' },
  ],
  /** For node-postgres and mysql2, which read a TLS mode in words of their own. */
  node: [
    { name: 'DATABASE_URL', value: 'pooled_node_url' },
    { name: 'DATABASE_URL_UNPOOLED', value: 'direct_node_url' },
  ],
  /** What libpq reads. */
  pg: [
    { name: 'PGHOST', value: 'host' },
    { name: 'PGPORT', value: 'port' },
    { name: 'PGUSER', value: 'user' },
    { name: 'PGPASSWORD', value: 'password' },
    { name: 'PGDATABASE', value: 'database' },
  ],
} as const satisfies Record<string, VariableWire[]>;

const variables = z
  .array(variable)
  .min(1, 'Name one variable or more.')
  .max(20)
  .refine((all) => new Set(all.map(({ name }) => name.toUpperCase())).size === all.length, 'Give each name once; upper and lower case count as the same.');
const targets = z
  .array(z.string().min(1).max(300))
  .min(1, 'Choose one target or more.')
  .max(20)
  .transform((all) => [...new Set(all)]);

export const targetState = z.enum(['pending', 'in_sync', 'unverified', 'failed', 'drifted']);

/** One target of an integration, such as `production`, and which version of the password it holds. */
export const integrationTarget = z.object({
  target: z.string(),
  /** `in_sync`: the provider was seen to hold `version`. `unverified`: it was sent and cannot be read back. `drifted`: it holds something else. */
  state: targetState,
  /** The last version that was taken in full. */
  version: z.number().int().nullable(),
  synced_at: time.nullable(),
  checked_at: time.nullable(),
  /** Of a drifted one: since when, and by whose word, what somebody put there is let stand until it is written anew. */
  kept_at: time.nullable(),
  kept_by: z.string().nullable(),
  failure_code: z.string().nullable(),
  /** What went wrong, and what to do. */
  failure: z.string().nullable(),
  /** Variables that were not taken while others were. */
  refusals: z.array(z.object({ name: z.string(), code: z.string(), failure: z.string() })),
});
export type IntegrationTargetWire = z.infer<typeof integrationTarget>;

/** A deployment that was asked for, so that the variables are taken up. */
export const redeployment = z.object({
  state: z.enum(['requested', 'started', 'failed']),
  version: z.number().int(),
  requested_by: z.string(),
  requested_at: time,
  finished_at: time.nullable(),
  /** The provider's id of the deployment, where it gives one. */
  external_id: z.string().nullable(),
  failure_code: z.string().nullable(),
  failure: z.string().nullable(),
});

export const redeployMode = z.enum(['manual', 'automatic']);
export const integrationConfig = z.object({
  variables: z.array(variable),
  targets: z.array(z.string()),
  preview_branches: z.boolean(),
  redeploy: redeployMode,
  has_deploy_hook: z.boolean(),
  /** GitHub: the workflow file that deploys, and the branch it runs on. */
  workflow: z.string().nullable(),
  ref: z.string().nullable(),
});

/** A target of one place alone, such as a branch or an environment. Its variables win there over those of the wider targets in `over`. */
export const ownTarget = z.object({ target: z.string(), variables: z.array(z.string()), over: z.array(z.string()) });
export type OwnTargetWire = z.infer<typeof ownTarget>;

/**
 * The targets that Rekey does not write to but that hold variables of the same names, whatever their case, and so win
 * there over what it writes.
 */
export const winningTargets = (own: readonly OwnTargetWire[], chosen: readonly string[], names: readonly string[]): { target: string; names: string[] }[] =>
  own
    .filter(({ target, over }) => !chosen.includes(target) && over.some((wider) => chosen.includes(wider)))
    .map(({ target, variables }) => ({ target, names: heldNames(names, variables) }))
    .filter(({ names: found }) => found.length > 0);

const heldNames = (names: readonly string[], held: readonly string[]): string[] => {
  const all = new Set(held.map((name) => name.toUpperCase()));
  return names.filter((name) => all.has(name.toUpperCase()));
};

/** Variables of an organization or a team; those of one place win over them. */
const inherited = z.object({ from: z.string(), variables: z.array(z.string()) });

/** The names that an organization or a team has too, where those of the place win. */
export const shadowedNames = (from: readonly z.infer<typeof inherited>[], names: readonly string[]): { from: string; names: string[] }[] =>
  from.map((one) => ({ from: one.from, names: heldNames(names, one.variables) })).filter(({ names: found }) => found.length > 0);

export const integration = z.object({
  id,
  organization_id: id,
  project_id: id,
  provider,
  external_id: z.string(),
  /** Of all targets: the one that most needs a person; those that somebody keeps aside. */
  state: targetState,
  has_credentials: z.boolean(),
  config: integrationConfig,
  created_at: time,
  updated_at: time,
  /** Ours, beside the documented fields. */
  name: z.string(),
  account_id: z.string().nullable(),
  targets: z.array(integrationTarget),
  /** Whether the provider can be asked for a deployment with what is configured. */
  can_redeploy: z.boolean(),
  redeployment: redeployment.nullable(),
  /** Why Rekey could not look whether what it wrote still stands there; null where it could, or will try again. */
  check_failure_code: z.string().nullable(),
  check_failure: z.string().nullable(),
  /** As last seen: targets that Rekey does not write to, with variables of the same names, which win there. */
  overrides: z.array(z.object({ target: z.string(), variables: z.array(z.string()) })),
  rotation_warning: rotationWarning.nullable(),
  /** The sync that is queued or running. */
  sync: z.object({ job_id: id, attempts: z.number().int(), max_attempts: z.number().int(), next_attempt_at: time }).nullable(),
});
export type IntegrationWire = z.infer<typeof integration>;
export const integrationAnswer = z.object({ integration });
export const integrationList = z.object({ integrations: z.array(integration) });
export const integrationWithJob = z.object({ integration, job });

const token = z.string().trim().min(1, 'Paste the token.').max(4096);
const hookUrl = z
  .string()
  .max(2048)
  .refine(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''),
    'Enter the URL of a deploy hook, such as https://api.vercel.com/v1/integrations/deploy/….',
  );
const workflow = z.string().trim().min(1).max(200);
const ref = z.string().trim().min(1).max(200);

const settings = {
  variables: variables.optional(),
  targets: targets.optional(),
  preview_branches: z.boolean().optional(),
  redeploy: redeployMode.optional(),
};

/** For any provider: the place and its account as `places` lists them. */
export const connectBody = z.strictObject({
  provider,
  token,
  external_id: z.string().trim().min(1, 'Choose one.').max(200),
  account_id: z.string().trim().min(1).max(200).nullable().optional(),
  ...settings,
  deploy_hook_url: hookUrl.optional(),
  workflow: workflow.optional(),
  ref: ref.optional(),
});
export type ConnectBody = z.input<typeof connectBody>;
export const connectVercelBody = z.strictObject({
  token,
  vercel_project_id: z.string().trim().min(1, 'Choose a project.').max(200),
  team_id: z.string().trim().min(1).max(200).nullable().optional(),
  ...settings,
  deploy_hook_url: hookUrl.optional(),
});
export const connectNetlifyBody = z.strictObject({
  token,
  site_id: z.string().trim().min(1, 'Choose a site.').max(200),
  ...settings,
});
export const connectGithubBody = z.strictObject({
  token,
  repository: z
    .string()
    .trim()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'Enter the repository as owner/name.')
    .max(200),
  ...settings,
  workflow: workflow.optional(),
  ref: ref.optional(),
});

/** What is left out stays. A new token is proven before it replaces the old one. */
export const updateIntegrationBody = z.strictObject({
  token: token.optional(),
  ...settings,
  deploy_hook_url: hookUrl.nullable().optional(),
  workflow: workflow.nullable().optional(),
  ref: ref.nullable().optional(),
});
export type UpdateIntegrationBody = z.infer<typeof updateIntegrationBody>;
/** `job` is the sync that brings the change to the provider; null where nothing of it is written there. */
export const integrationWithOptionalJob = z.object({ integration, job: job.nullable() });

export const findPlacesBody = z.strictObject({
  /** Left out: that of the integration that is connected, for its own place. */
  token: token.optional(),
  search: z.string().trim().max(100).optional(),
  /** One place alone, with the targets that it has of its own. */
  external_id: z.string().trim().min(1).max(200).optional(),
  account_id: z.string().trim().min(1).max(200).nullable().optional(),
});
export type FindPlacesBody = z.infer<typeof findPlacesBody>;
/** What the token can change, and what may be chosen there. */
export const placeList = z.object({
  places: z.array(z.object({ external_id: z.string(), account_id: z.string().nullable(), name: z.string() })),
  targets: z.array(z.string()),
  default_targets: z.array(z.string()),
  /** What is written where a connection says nothing else. */
  default_variables: z.array(variable),
  preview_targets: z.array(z.string()),
  /** Of the place that was named: branches and environments, with the variables that stand for each. */
  own_targets: z.array(ownTarget),
  /** Variables of the organization or team of that place; those of the place win over them. */
  inherited: z.array(inherited),
  redeploy_by: z.array(z.enum(['hook', 'api'])),
});
export type PlaceListWire = z.infer<typeof placeList>;

export const providerParams = projectParams.extend({ provider });

export const integrationDeleted = z.object({ deleted: z.literal(true) });
