// Which settings each part is given: what it needs, and nothing else of the environment. A test holds these lists against lib/kernel/env.ts.
import { join } from 'node:path';
import { root } from '#scripts/run-tool.ts';
import { programEnv } from '#scripts/servers/child-env.ts';

const SHARED = [
  'DATABASE_URL',
  'REKEY_ENCRYPTION_KEY',
  'REKEY_ENCRYPTION_KEY_FILE',
  'REKEY_ENCRYPTION_KEYS_EARLIER',
  'REKEY_ENCRYPTION_KEY_PROVIDER',
  'REKEY_ENCRYPTION_KEY_ORIGIN',
  'REKEY_VAULT_KEY',
  'REKEY_VAULT_MOUNT',
  'REKEY_VAULT_TOKEN_FILE',
  'VAULT_ADDR',
  'VAULT_TOKEN',
  'VAULT_NAMESPACE',
  'VAULT_CACERT',
  'NEXTAUTH_SECRET',
  'NEXTAUTH_URL',
  'REKEY_STORE',
  'REKEY_OUTBOUND_ALLOW',
  'REKEY_HTTP_HOOK_HOSTS',
  'REKEY_AUDIT_CHECKPOINT_FILE',
  'REKEY_SMTP_URL',
  'REKEY_SMTP_CA_FILE',
  'REKEY_MAIL_FROM',
  'REKEY_VERCEL_API_URL',
  'REKEY_NETLIFY_API_URL',
  'REKEY_GITHUB_API_URL',
  'REKEY_CHECK_MS',
  'REKEY_FAILED_LOGINS',
  'REKEY_FAILED_LOGINS_MINUTES',
  'REKEY_LOG_LEVEL',
  'REKEY_PROVIDER_TIMEOUT_MS',
  'REKEY_FAILPOINTS',
  'REKEY_TRANSACTION_MS',
  'REKEY_LEASE_MS',
  'REKEY_DEADLINE_MS',
  'REKEY_BACKOFF_MS',
  'REKEY_ATTENTION_MS',
  'REKEY_POOLER_RETRY_MS',
];

/** Beside those that all parts are given. */
const OWN = {
  'first run': ['REKEY_INIT_EMAIL', 'REKEY_INIT_PASSWORD', 'REKEY_INIT_API_KEY'],
  'web server': ['HOST', 'PORT', 'REKEY_DEMO_SITE', 'REKEY_ALLOWED_HOSTS', 'REKEY_TRUSTED_PROXIES', 'REKEY_METRICS_TOKEN', 'REKEY_RATE_LIMIT'],
  worker: [
    'REKEY_WORKER_PORT',
    'REKEY_RETENTION_ROTATION_DAYS',
    'REKEY_RETENTION_JOB_DAYS',
    'REKEY_RETENTION_PASSWORD_DAYS',
    'REKEY_RETENTION_DELIVERY_DAYS',
    'REKEY_RETENTION_SESSION_DAYS',
  ],
} satisfies Record<string, string[]>;

export type SettledPart = keyof typeof OWN;

/** Where Node keeps what it has compiled, so that a part is back sooner. */
const NODE_COMPILE_CACHE = join(root, 'node_modules/.cache/compiled');

/** Every setting that some part is given. */
export const GIVEN_SETTINGS: readonly string[] = [...SHARED, ...Object.values(OWN).flat()];

/** The environment of a part, out of all settings. */
export function partEnv(part: SettledPart, settings: NodeJS.Dict<string>): NodeJS.ProcessEnv {
  const given = [...SHARED, ...OWN[part]].flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]]));
  return { NODE_COMPILE_CACHE, ...programEnv(), ...Object.fromEntries(given), NODE_ENV: settings.NODE_ENV, NEXT_TELEMETRY_DISABLED: '1' } as NodeJS.ProcessEnv;
}
