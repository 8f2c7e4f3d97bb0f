import { z } from 'zod';

/** A variable set to nothing counts as not set. */
const optional = <S extends z.ZodType>(schema: S) => z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

/** One message for a variable that is not set, or too short. */
const required = (minLength: number, message: string) => z.string(message).min(minLength, message);

/** Texts separated by commas. */
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  );

const days = (usual: number) => z.coerce.number('must be a number of days; 0 keeps everything.').int().min(0).max(36_500).default(usual);

const MAKE_TOKEN = 'Generate one with `openssl rand -hex 32`.';

/** The address of an API, without the slash at its end. */
const apiUrl = (known: string) =>
  z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://api.example.com.' })
    .default(known)
    .transform((url) => url.replace(/\/+$/, ''));

/** `smtps://` or `smtp://`, at most with `tls=off`. */
function refuseSmtpUrl(text: string, { addIssue }: z.RefinementCtx<string>): void {
  const url = URL.parse(text);
  if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    addIssue('REKEY_SMTP_URL must be a URL such as smtp://user:password@smtp.example.com:587 or smtps://user:password@smtp.example.com.');
  else if (url.search !== '' && !(url.protocol === 'smtp:' && url.search === '?tls=off'))
    addIssue('REKEY_SMTP_URL takes no parameter but tls=off, which lets smtp:// send without encryption.');
}

const schema = z.object({
  DATABASE_URL: required(1, 'DATABASE_URL is missing: `npm start` sets it, or set the URL of your PostgreSQL.'),
  /** What seals all secrets; see lib/crypto/read-key-ring.ts. Either the key, or a file with it. */
  REKEY_ENCRYPTION_KEY: optional(z.string()),
  REKEY_ENCRYPTION_KEY_FILE: optional(z.string()),
  /** Keys that open what is not wrapped anew yet. */
  REKEY_ENCRYPTION_KEYS_EARLIER: list,
  /** A key of Vault's transit engine, which is then the current one unless the provider is `local`. Names as Vault's own tools have them. */
  REKEY_VAULT_KEY: optional(z.string().regex(/^[\w.-]{1,100}$/, 'REKEY_VAULT_KEY must be the name of a key in the transit engine.')),
  REKEY_VAULT_MOUNT: optional(z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/, 'REKEY_VAULT_MOUNT must be a path such as transit.')),
  REKEY_VAULT_TOKEN_FILE: optional(z.string()),
  REKEY_ENCRYPTION_KEY_PROVIDER: optional(z.enum(['local', 'vault'], 'REKEY_ENCRYPTION_KEY_PROVIDER must be local or vault.')),
  VAULT_ADDR: optional(z.string()),
  VAULT_TOKEN: optional(z.string()),
  VAULT_NAMESPACE: optional(z.string()),
  VAULT_CACERT: optional(z.string()),
  /** Names, beside the one of NEXTAUTH_URL, under which this Rekey is reached. */
  REKEY_ALLOWED_HOSTS: list.transform((hosts) => hosts.map((host) => host.toLowerCase())),
  /** Proxies whose X-Forwarded-For is believed; from others the socket's address counts. */
  REKEY_TRUSTED_PROXIES: list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'REKEY_TRUSTED_PROXIES must be CIDRs separated by commas, such as 10.0.0.5/32.'))),
  NEXTAUTH_SECRET: required(32, 'NEXTAUTH_SECRET is missing or shorter than 32 characters.'),
  NEXTAUTH_URL: z.url('NEXTAUTH_URL must be the address that people open, such as https://rekey.example.com.').default('http://127.0.0.1:3000'),
  /** First start without a browser: the owner, and an API key with all scopes. */
  REKEY_INIT_EMAIL: optional(z.email('REKEY_INIT_EMAIL must be an email address.')),
  REKEY_INIT_PASSWORD: optional(z.string().min(12, 'REKEY_INIT_PASSWORD must have 12 characters or more.')),
  REKEY_INIT_API_KEY: optional(z.string().regex(/^\S{32,200}$/, 'REKEY_INIT_API_KEY must have 32 characters or more, none of them a space.')),
  /** Told by `npm start`: whose PostgreSQL the store is, and where the encryption key comes from. */
  REKEY_STORE: z.enum(['embedded', 'external']).default('external'),
  REKEY_ENCRYPTION_KEY_ORIGIN: z.enum(['generated', 'given']).default('given'),
  /** Told by `npm start`: what the demonstration site lacks. */
  REKEY_DEMO_SITE: optional(z.enum(['needs_mariadb'])),
  /** Addresses that are not public and that webhooks may reach all the same. */
  REKEY_OUTBOUND_ALLOW: list.pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'REKEY_OUTBOUND_ALLOW must be CIDRs separated by commas, such as 10.0.0.0/8.'))),
  /** Hosts whose deploy hooks may be called over plain http. */
  REKEY_HTTP_HOOK_HOSTS: list.transform((hosts) => hosts.map((host) => host.toLowerCase())),
  /** Where the providers’ APIs are: theirs, or a proxy before them. */
  REKEY_VERCEL_API_URL: apiUrl('https://api.vercel.com'),
  REKEY_NETLIFY_API_URL: apiUrl('https://api.netlify.com/api/v1'),
  REKEY_GITHUB_API_URL: apiUrl('https://api.github.com'),
  /** The mail server that notifications go through; see lib/notifications/smtp.ts. Without it, there are no e-mails. */
  REKEY_SMTP_URL: optional(z.string().superRefine(refuseSmtpUrl)),
  /** What signs the mail server's certificate, where its authority is not a public one. */
  REKEY_SMTP_CA_FILE: optional(z.string().startsWith('/', 'REKEY_SMTP_CA_FILE must be an absolute path.')),
  REKEY_MAIL_FROM: optional(
    z.string().regex(/^(?:[^<>\p{C}]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/u, 'REKEY_MAIL_FROM must be a sender such as Rekey <rekey@example.com>.'),
  ),
  /** Lets read GET /metrics; without it there is no such address. */
  REKEY_METRICS_TOKEN: optional(
    z
      .string()
      .regex(/^\S{32,200}$/, `REKEY_METRICS_TOKEN must have 32 characters or more, none of them a space. ${MAKE_TOKEN}`)
      // One with fewer than 8 different characters was typed, not drawn.
      .refine((text) => new Set(text).size >= 8 && !/change.?me|example|placeholder/i.test(text), `REKEY_METRICS_TOKEN is a placeholder. ${MAKE_TOKEN}`),
  ),
  /** Where signed checkpoints of the audit log are appended, daily and at each seal. Verification holds the log against them. */
  REKEY_AUDIT_CHECKPOINT_FILE: optional(z.string().startsWith('/', 'REKEY_AUDIT_CHECKPOINT_FILE must be an absolute path, best on another machine’s disk.')),
  /** Requests a minute for one API key or one member. */
  REKEY_RATE_LIMIT: z.coerce.number().int().positive().default(600),
  /** How long a login goes without a proof before Rekey proves it by itself, in ms: a day. */
  REKEY_CHECK_MS: z.coerce.number().int().positive().default(86_400_000),
  /** How long what has ended is kept, in days; 0: for ever. See lib/retention. */
  REKEY_RETENTION_ROTATION_DAYS: days(365),
  REKEY_RETENTION_JOB_DAYS: days(90),
  REKEY_RETENTION_PASSWORD_DAYS: days(30),
  REKEY_RETENTION_DELIVERY_DAYS: days(30),
  REKEY_RETENTION_SESSION_DAYS: days(30),
  /** Where a worker says on this machine whether it is ready; without it nowhere. */
  REKEY_WORKER_PORT: optional(z.coerce.number().int().min(1).max(65_535)),
  /** How many logins of one account, at one address, may be rejected within the minutes that follow before Rekey waits. */
  REKEY_FAILED_LOGINS: z.coerce.number().int().min(1, 'REKEY_FAILED_LOGINS must be 1 or more.').default(3),
  REKEY_FAILED_LOGINS_MINUTES: z.coerce.number().positive('REKEY_FAILED_LOGINS_MINUTES must be above 0.').default(15),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  REKEY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** How long a provider may take to answer, in ms. */
  REKEY_PROVIDER_TIMEOUT_MS: z.coerce.number().int().positive().default(15_000),
  /** Names of failpoints at which the process kills itself, `name` or `name:n` for the nth time; `name=stop` stops it instead. Tests only. */
  REKEY_FAILPOINTS: z.string().default(''),
  /** How long a transaction may wait for its own process, in ms; see lib/kernel/db.ts. Tests only. */
  REKEY_TRANSACTION_MS: z.coerce.number().int().positive().default(20_000),
  /** The times of lib/logins/limits.ts, in ms. Tests only. */
  REKEY_LEASE_MS: z.coerce.number().int().positive().default(45_000),
  REKEY_DEADLINE_MS: z.coerce.number().int().positive().default(120_000),
  REKEY_BACKOFF_MS: z.coerce.number().int().positive().default(1_000),
  REKEY_ATTENTION_MS: z.coerce.number().int().positive().default(15_000),
  /** Waits before a pooler that refuses the new password is asked again, in ms, separated by commas; see lib/logins/limits.ts. Tests only. */
  REKEY_POOLER_RETRY_MS: z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .default('1000,16000'),
});

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(schema.shape);

export type Env = z.infer<typeof schema>;

/** A mail server needs a sender. */
const settings = schema.refine(({ REKEY_SMTP_URL: server, REKEY_MAIL_FROM: sender }) => server === undefined || sender !== undefined, {
  path: ['REKEY_MAIL_FROM'],
  message: 'REKEY_MAIL_FROM is missing: with REKEY_SMTP_URL, set the sender, such as Rekey <rekey@example.com>.',
});

function parseEnv(): Env {
  const parsed = settings.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new Error(`Rekey cannot start:\n${parsed.error.issues.map((i) => `- ${i.path.join('.')}: ${i.message}`).join('\n')}`);
}

const isBuilding = process.env.NEXT_PHASE === 'phase-production-build';

/** The only reader of process.env. Missing or wrong values end the process with a line that names the variable and the fix. */
export const env: Env = isBuilding ? (schema.partial().parse(process.env) as Env) : parseEnv();
