import { z } from 'zod';
import { ENGINE_NAMES } from '#lib/contract/engines/engines.ts';
import { id, nextCursor, tagKey, tagValue, time } from './common.ts';
import { job } from './job.ts';
import { projectPolicy } from './policy.ts';
import { loginWarning } from './rotation.ts';

/** Of a bundle of certificates: 512 KiB. */
export const CA_MAX_LENGTH = 524_288;

export const environment = z.enum(['production', 'non_production']);
export const sslMode = z.enum(['disable', 'prefer', 'require', 'verify-ca', 'verify-full']);
export const projectState = z.enum(['ready', 'rotating_credentials', 'verifying', 'needs_attention']);

/** What the login may do, and the sentences that say so. */
export const rights = z.object({
  self_may_change: z.boolean(),
  rotator_may_change: z.boolean().nullable(),
  may_see_sessions: z.boolean(),
  may_end_sessions: z.boolean(),
  notes: z.array(z.object({ tone: z.enum(['ok', 'warn', 'danger']), text: z.string() })),
});
export type RightsWire = z.infer<typeof rights>;

const endpointProtection = z.object({
  /** `verified`: by its certificate. `pinned`: by the key that is trusted for this login. `unproven`: TLS with a key that nobody trusts yet. `plain`: no TLS. */
  channel: z.enum(['verified', 'pinned', 'unproven', 'plain']),
  /** How the server asked for the password. */
  method: z.enum(['scram_bound', 'scram', 'scram_weak', 'md5', 'native', 'sha2_fast', 'sha2_full', 'sha2_rsa', 'cleartext']).nullable(),
  /** SHA-256 of the server's public key (SubjectPublicKeyInfo), in hexadecimal. */
  server_key: z.string().nullable(),
  rsa_key: z.string().nullable(),
});

/** What protects the login, as the last check found it. */
export const protection = z.object({
  text: z.string().nullable(),
  direct: endpointProtection.nullable(),
  pooled: endpointProtection.nullable(),
  allows_md5: z.boolean(),
  /** Keys that a server showed in place of the trusted one, and that were sent nothing: for a person to compare, and to trust. */
  refused_keys: z.array(
    z.object({ endpoint: z.enum(['direct', 'pooled']), kind: z.enum(['tls', 'rsa']), trusted: z.string().nullable(), offered: z.string(), seen_at: time }),
  ),
});
export type ProtectionWire = z.infer<typeof protection>;

/** Tags by key. Policies and lists choose projects by them; logins with the same value of `pair` never rotate in the same window. */
export const tags = z.record(tagKey, tagValue).refine((all) => Object.keys(all).length <= 50, 'Use 50 tags at most.');

export const project = z.object({
  id,
  organization_id: id,
  name: z.string(),
  slug: z.string(),
  environment,
  engine: z.enum(ENGINE_NAMES),
  state: projectState,
  database_name: z.string(),
  role_name: z.string(),
  public_host: z.string(),
  direct_port: z.number().int(),
  pooled_port: z.number().int().nullable(),
  ssl_mode: sslMode,
  last_error: z.string().nullable(),
  latest_job_id: z.string().nullable(),
  rotated_at: time.nullable(),
  created_at: time,
  updated_at: time,
  /** Ours, beside the documented fields. */
  pooled_host: z.string().nullable(),
  server_version: z.string().nullable(),
  /** Whether new passwords are sent to the server in plain text, because it takes no verifiers: it may log them. */
  sends_plaintext: z.boolean(),
  rotator_name: z.string().nullable(),
  /** The connection URLs as they are handed out, without the password. */
  urls: z.object({ direct: z.string(), pooled: z.string().nullable() }),
  /** Whose passwords a rotator of this server changes, of those that the asker may see; in the answer for one project alone. */
  rotator_projects: z.array(z.object({ id, name: z.string() })).optional(),
  /** The rotator that does not serve the login at its new address, in the answer to the change that moved it: give its URL for that address. */
  dropped_rotator: z.string().optional(),
  credential: z.object({ version: z.number().int(), direct_proven_at: time.nullable(), pooled_proven_at: time.nullable(), created_at: time }),
  rights: rights.nullable(),
  /** What keeps every rotation from succeeding, as the last check or rotation found it; null where nothing is known to. */
  cannot_rotate: z.string().nullable(),
  /** Older passwords that still work beside the current one, oldest first. `retire_at`: when it ends; null: once a deployment succeeds. */
  retiring: z.array(z.object({ version: z.number().int(), retire_at: time.nullable() })),
  /** The site whose database it is, and the environment; null for the development database. */
  site: z.object({ id, name: z.string(), environment: z.string().nullable() }).nullable(),
  protection,
  tags,
  /** The policy that rotates it, with the next run; null: it rotates only when someone starts it. */
  policy: projectPolicy.nullable(),
  /**
   * Logins by Rekey that the server rejected: at most `limit` of one account, at one address, within `window_seconds`.
   * `next_login_at`: the limit is reached, and Rekey tries again then. In the answer for one project alone.
   */
  failed_logins: z.object({ count: z.number().int(), limit: z.number().int(), window_seconds: z.number(), next_login_at: time.nullable() }).optional(),
  /**
   * Who holds the URL, integrations and those written down by hand: how many, how many of them have it as it is now, and
   * how many wait for a person; `job_id` is the latest rotation, whose list that is.
   */
  consumers: z.object({ total: z.number().int(), up_to_date: z.number().int(), waiting: z.number().int(), job_id: id.nullable() }),
  /** What speaks against a rotation now: integrations that are failing or hold a changed value. In the answer for one project alone. */
  warnings: z.array(loginWarning).optional(),
  /** Sessions that the last rotation left open on the old password, as counted then; `job_id` is that rotation. Null: not counted. */
  old_sessions: z.object({ count: z.number().int(), counted_at: time, job_id: id }).nullable(),
});
export type ProjectWire = z.infer<typeof project>;
export const projectAnswer = z.object({ project });
export const projectList = z.object({ projects: z.array(project), next_cursor: nextCursor });

export const createProjectBody = z.strictObject({
  organization_id: id.optional(),
  name: z.string().trim().min(1, 'Give the project a name.').max(80),
  slug: z
    .string()
    .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'Use 1 to 63 lower-case letters, digits and hyphens.')
    .optional(),
  environment: environment.optional(),
  connection_url: z.string().min(1, 'Paste the connection URL.').max(4096),
  pooled_connection_url: z.string().max(4096).optional(),
  rotator_url: z.string().max(4096).optional(),
  ssl_mode: sslMode.optional(),
  ca_pem: z.string().max(CA_MAX_LENGTH).optional(),
  /** Lets this login answer MD5 where the connection does not prove the server. */
  allows_md5: z.boolean().optional(),
  tags: tags.optional(),
});
export type CreateProjectBody = z.infer<typeof createProjectBody>;
export const createProjectAnswer = z.object({ project, job });

export const updateProjectBody = z.strictObject({
  name: z.string().trim().min(1, 'Give the project a name.').max(80).optional(),
  environment: environment.optional(),
  /** Changing where the password is sent, or how TLS guards it, asks for the login again: `connection_url` carries it. */
  connection_url: z.string().min(1, 'Paste the connection URL.').max(4096).optional(),
  ssl_mode: sslMode.optional(),
  ca_pem: z.string().max(CA_MAX_LENGTH).nullable().optional(),
  pooled_connection_url: z.string().max(4096).nullable().optional(),
  rotator_url: z.string().max(4096).nullable().optional(),
  /** PostgreSQL only: lets Rekey send new passwords of this login in plain text, where an extension takes no verifiers. The server may log them. */
  sends_plaintext: z.boolean().optional(),
  /** Lets this login answer MD5 where the connection does not prove the server. */
  allows_md5: z.boolean().optional(),
  /** Replaces all tags. */
  tags: tags.optional(),
});
export type UpdateProjectBody = z.infer<typeof updateProjectBody>;

export const verifyBody = z.strictObject({
  /** Makes one more login where the limit of rejected logins is reached. */
  allow_failed_login: z.boolean().optional(),
});
export type VerifyBody = z.infer<typeof verifyBody>;

/** A key that a server showed in place of the trusted one, as `protection.refused_keys` names it. */
export const trustServerKeyBody = z.strictObject({
  endpoint: z.enum(['direct', 'pooled']),
  kind: z.enum(['tls', 'rsa']).default('tls'),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'Enter the fingerprint that the server presented: 64 lower-case hexadecimal digits.'),
});
export type TrustServerKeyBody = z.infer<typeof trustServerKeyBody>;

export const connections = z.object({
  direct_url: z.string(),
  pooled_url: z.string().optional(),
  username: z.string(),
  host: z.string(),
  port: z.number().int(),
  pooled_port: z.number().int().optional(),
  database: z.string(),
  ssl_mode: sslMode,
  rotated_at: time.nullable(),
});
export type ConnectionsWire = z.infer<typeof connections>;
export const connectionsAnswer = z.object({ connections });

export const sessionList = z.object({
  sessions: z.array(z.object({ application: z.string(), address: z.string(), count: z.number().int(), since: time.nullable(), is_own: z.boolean() })),
  total: z.number().int(),
});
export type SessionListWire = z.infer<typeof sessionList>;
/** Ends the sessions of one application at one address, as the list names them; all of them where neither is given. */
export const endSessionsBody = z
  .strictObject({ application: z.string().max(255).optional(), address: z.string().min(1).max(255).optional() })
  .refine(({ application, address }) => (application === undefined) === (address === undefined), {
    path: ['address'],
    message: 'Give application and address together, or neither to end all.',
  });
export type EndSessionsBody = z.infer<typeof endSessionsBody>;
/** `left`: how many sessions of the old password are open still. */
export const sessionsEnded = z.object({ ended: z.number().int(), left: z.number().int() });
