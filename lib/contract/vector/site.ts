import { z } from 'zod';
import { flag, id, listQuery, time } from '#lib/contract/common.ts';
import { ENGINE_NAMES } from '#lib/contract/engines/engines.ts';
import { CA_MAX_LENGTH } from '#lib/contract/project.ts';
import { pageQuery } from './envelope.ts';

/** What a database is doing: `active` is ready, `resetting` while its password changes. */
export const siteStatus = z.enum(['active', 'resetting', 'verifying', 'needs_attention', 'no_database']);
export type SiteStatusWire = z.infer<typeof siteStatus>;

const version = z.object({ version: z.number().int(), proven_at: time.nullable(), created_at: time });

const validPassword = z.object({
  version: z.number().int(),
  /** `fetched`: a deployment that failed had fetched it, and may be what runs. */
  why: z.enum(['current', 'running', 'deploying', 'fetched', 'ending']),
  reason: z.string(),
});
export type ValidPasswordWire = z.infer<typeof validPassword>;

export const environment = z.object({
  id,
  vector_site_id: id,
  /** The same as `vector_site_id`; the documentation has both names. */
  site_id: id,
  partner_customer_id: z.string(),
  /** The later name of `partner_customer_id`. */
  your_customer_id: z.string(),
  name: z.string(),
  is_production: z.boolean(),
  status: siteStatus,
  status_label: z.string(),
  provisioning_step: z.enum(['pending', 'complete']),
  failure_reason: z.string().nullable(),
  /** Empty where nobody gave it: clients type it as a string. */
  php_version: z.string(),
  tags: z.array(z.string()),
  custom_domain: z.string().nullable(),
  fqdn: z.string().nullable(),
  platform_domain: z.null(),
  database_host: z.string().nullable(),
  database_port: z.number().int().nullable(),
  database_name: z.string().nullable(),
  database_user: z.string().nullable(),
  /** Of the hook's address the host alone: the rest may be a secret of the receiver's. */
  deploy_hook_host: z.string().nullable(),
  created_at: time,
  updated_at: time,
  /** Ours, beside the documented fields. */
  project_id: z.string().nullable(),
  current: version.nullable(),
  /** The oldest password that still works, which the running deployment has. `retire_at`: when it ends; null: once a deployment stands that carries another. */
  retiring: version.extend({ retire_at: time.nullable() }).nullable(),
  /** Every version that logs in, oldest first. */
  valid_versions: z.array(z.number().int()),
  /** The same, with why each still does: a word for programs and a sentence for people. */
  valid_passwords: z.array(validPassword),
  /** What keeps every reset from succeeding, as the last check or reset found it; null where nothing is known to. */
  cannot_rotate: z.string().nullable(),
  last_error: z.string().nullable(),
  rotated_at: time.nullable(),
});
export type EnvironmentWire = z.infer<typeof environment>;
/** The secret that signs what the hook is sent, in the answer that made it alone. */
export const environmentWithSecret = environment.extend({
  deploy_hook_secret: z.string().optional(),
  /** Where the hook was saved and will not be called as things stand: why, and the setting that allows it. */
  deploy_hook_warning: z.string().optional(),
});
export type EnvironmentWithSecretWire = z.infer<typeof environmentWithSecret>;

export const site = z.object({
  id,
  partner_customer_id: z.string(),
  /** The later name of `partner_customer_id`. */
  your_customer_id: z.string(),
  status: siteStatus,
  status_label: z.string(),
  tags: z.array(z.string()),
  dev_domain: z.string().nullable(),
  /** Empty where nobody gave it: clients type it as a string. */
  dev_php_version: z.string(),
  dev_db_host: z.string(),
  dev_db_name: z.string(),
  dev_db_username: z.string(),
  db_host: z.string(),
  db_port: z.number().int(),
  db_name: z.string(),
  db_username: z.string(),
  /** For an API key with the scope credentials:read alone. */
  db_password: z.string().optional(),
  environments: z.array(environment),
  created_at: time,
  updated_at: time,
  /** Ours, beside the documented fields. */
  project_id: id,
  engine: z.enum(ENGINE_NAMES),
  server_version: z.string().nullable(),
  wp_config_path: z.string().nullable(),
  /** What the last connection check found in the way of writing that file; resets are refused until it is fixed. */
  wp_config_error: z.string().nullable(),
  current: version,
  /** What keeps every reset from succeeding, as the last check or reset found it; null where nothing is known to. */
  cannot_rotate: z.string().nullable(),
  last_error: z.string().nullable(),
  rotated_at: time.nullable(),
});
export type SiteWire = z.infer<typeof site>;

export const siteParams = z.object({ siteId: id });
export const environmentParams = z.object({ siteId: id.optional(), environmentId: id });
export type EnvironmentParams = z.infer<typeof environmentParams>;
/** The environments of one site, or of all. */
export const environmentsQuery = pageQuery.extend({ site: id.optional() });

/** Documented states that no site of Rekey's is in. */
const DOCUMENTED_STATES = [
  'pending',
  'activation_requested',
  'suspension_requested',
  'suspended',
  'unsuspension_requested',
  'termination_requested',
  'terminated',
  'canceled',
] as const;
/** Without `limit` and `cursor` it is the page `page` of `per_page` sites, as documented. */
export const siteQuery = pageQuery.extend({
  ...listQuery.shape,
  partner_customer_id: z.string().max(200).optional(),
  your_customer_id: z.string().max(200).optional(),
  /** Those with this tag, such as `wp`, or `env=production` where it stands on the development database's project too. */
  tag: z.string().max(121).optional(),
  /** Those with a database that this policy applies to; `none`: those of whose databases no policy applies to any. */
  policy: id.optional(),
  /** Whether the password of one of its databases is older than its policy allows. */
  overdue: flag.optional(),
  /** A part of the customer's name or of the domain. */
  search: z.string().max(253).optional(),
  status: z.enum([...siteStatus.options, ...DOCUMENTED_STATES]).optional(),
  sort: z.enum(['created_at', 'updated_at', 'status', 'your_customer_id', 'partner_customer_id']).optional(),
  direction: z.enum(['asc', 'desc']).default('desc'),
});
export type SiteQuery = z.infer<typeof siteQuery>;

const customer = z.string().trim().min(1, 'Name the customer as you do.').max(200);
/** Null clears them. */
const tags = z
  .array(z.string().trim().min(1).max(100))
  .max(50)
  .nullable()
  .transform((given) => given ?? []);
const phpVersion = z.string().max(20).nullable();
const domain = z.string().max(253).nullable();

/** Takes the later name of the customer's id for the earlier one. */
function withCustomer(sent: unknown): unknown {
  if (typeof sent !== 'object' || sent === null || !('your_customer_id' in sent) || 'partner_customer_id' in sent) return sent;
  const { your_customer_id: partner_customer_id, ...rest } = sent;
  return { ...rest, partner_customer_id };
}
const wpConfigPath = z
  .string()
  .max(4096)
  .regex(/^\/(?:[^/\0]+\/)*(?:[^/\0]+\.php|\.env(?:\.[\w-]+)?)$/, 'Give the absolute path of the wp-config.php or .env, such as /srv/site/wp-config.php.')
  .refine(
    (path) => !/\/(?:settings|env|configuration)\.php$/.test(path),
    'Rekey writes wp-config.php and .env files. Leave this out, and add the file as a manual consumer of the project.',
  )
  .refine((path) => !/\/\.\.?\//.test(path), 'Give the path without . and .. in it.');
/** The id that a thing had on the platform it comes from. */
const externalId = z
  .union([z.string().max(64, 'Use 64 characters or fewer.'), z.int().transform(String)])
  .pipe(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'Use 1 to 64 letters, digits, hyphens and underscores.'));
const database = z.strictObject({
  connection_url: z.string().min(1, 'Give the connection URL.').max(4096),
  rotator_url: z.string().max(4096).optional(),
  ssl_mode: z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']).optional(),
  ca_pem: z.string().max(CA_MAX_LENGTH).optional(),
});
export type SiteDatabaseBody = z.infer<typeof database>;

export const createSiteBody = z.object({
  id: externalId.optional(),
  partner_customer_id: customer,
  dev_php_version: phpVersion.optional(),
  dev_domain: domain.optional(),
  tags: tags.optional(),
  database,
  wp_config_path: wpConfigPath.nullable().optional(),
});
export type CreateSiteBody = z.infer<typeof createSiteBody>;
export const sentSiteBody = z.preprocess(withCustomer, createSiteBody);

export const updateSiteBody = z.object({
  partner_customer_id: customer.optional(),
  dev_php_version: phpVersion.optional(),
  dev_domain: domain.optional(),
  tags: tags.optional(),
  wp_config_path: wpConfigPath.nullable().optional(),
});
export type UpdateSiteBody = z.infer<typeof updateSiteBody>;
export const sentSiteChanges = z.preprocess(withCustomer, updateSiteBody);

function isHook(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
const hookUrl = z.string().max(2048).refine(isHook, 'Enter an http or https URL without a login, such as https://deploy.example.com/hook.');
/** Whether an environment serves visitors, where nobody says: one that is called production does. */
export const isProductionByName = (name: string): boolean => /^(?:prod|production|live)$/i.test(name.trim());
const environmentName = z.string().trim().min(1, 'Name the environment.').max(80);

export const createEnvironmentBody = z.object({
  id: externalId.optional(),
  name: environmentName,
  is_production: z.boolean().optional(),
  php_version: phpVersion.optional(),
  custom_domain: domain.optional(),
  tags: tags.optional(),
  database: database.optional(),
  deploy_hook_url: hookUrl.nullable().optional(),
});
export type CreateEnvironmentBody = z.infer<typeof createEnvironmentBody>;

export const updateEnvironmentBody = z.object({
  name: environmentName.optional(),
  is_production: z.boolean().optional(),
  php_version: phpVersion.optional(),
  custom_domain: domain.optional(),
  tags: tags.optional(),
  /** Where none is configured yet. */
  database: database.optional(),
  /** A new hook gets a new secret; null: none. */
  deploy_hook_url: hookUrl.nullable().optional(),
});
export type UpdateEnvironmentBody = z.infer<typeof updateEnvironmentBody>;
