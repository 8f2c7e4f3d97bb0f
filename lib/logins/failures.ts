import { WP_CONFIG_FAILURES, WpConfigError } from '#lib/contract/wp-config-failures.ts';
import { KeyUnavailableError, SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { ENGINE_FAILURES, type Endpoint, EngineError, type EngineFailure, type EngineName, type OtherKey, type Probe } from '#lib/engines/engine.ts';

/** Why a rotation could not continue, beyond what an engine reports, with the fix. */
export const ROTATION_FAILURES = {
  ...WP_CONFIG_FAILURES,
  current_password_refused:
    'The server rejects the stored password: it was changed elsewhere, Rekey’s store was restored from an older backup, or the role is gone or has expired (VALID UNTIL). Enter the current URL under Settings.',
  rotator_refused: 'The server rejects the rotator login. Enter its current URL under Settings.',
  rotator_key_changed:
    'The rotator’s server presents another key than the trusted one. Nothing was sent. If that is the server, enter the rotator’s URL again under Settings: its current key is then trusted.',
  pooler_refused_current:
    'The pooler rejects the stored password: it has another one, or does not know this user or this database. Fix the pooler, or remove the pooled URL under Settings.',
  pooler_refused_new: 'The pooler rejects the new password. If it reads passwords from a file (auth_file), let it query the database instead (auth_query).',
  new_password_refused: 'The server rejects the new password although it acknowledged the change.',
  old_password_accepted: 'The old password is still accepted.',
  kept_password_refused: 'The old password was to stay valid, but the server rejects it.',
  target_unverifiable: 'This server accepts any password (trust authentication), so no rotation can be verified. Require scram-sha-256 in pg_hba.conf.',
  pooler_unverifiable:
    'The pooler accepts any password (auth_type trust or any), so no rotation can be verified through it. Set auth_type = scram-sha-256 in pgbouncer.ini, or remove the pooled URL under Settings.',
  rejection_unclear:
    'The direct address accepts the right password but gives no clear answer to a wrong one, so Rekey could not verify that the old password has ended.',
  pooler_rejection_unclear:
    'The pooler accepts the right password but gives no clear answer to a wrong one, so Rekey could not verify that the old password has ended.',
  rejection_slow:
    'The server accepts the right password at once but takes longer than 6 seconds to reject a wrong one, as the auth_delay extension makes it. Set auth_delay.milliseconds below 3000.',
  clock_missing: 'The server did not report its time, so sessions of the old password cannot be distinguished from newer ones.',
  both_refused: 'The server rejects both the old and the new password; someone else changed it. Enter the current URL under Settings.',
  canceled: 'The rotation was canceled before anything was sent. The current password stays.',
  superseded: 'Another password was entered for this login before the rotation was settled.',
  secret_unreadable: 'A stored password cannot be decrypted: its row was changed, or it was encrypted with another key. Enter the current URL under Settings.',
  key_unavailable: 'The service that holds the encryption key does not answer, so no password can be decrypted. Rekey retries automatically.',
  unforeseen: 'Internal error. The worker’s log names it.',
  deadline_passed: 'It exceeded its time limit.',
} as const;

export type RotationFailure = EngineFailure | keyof typeof ROTATION_FAILURES;

interface FailureDetails {
  subject?: string | null;
  otherKey?: OtherKey | null;
  isUnavailable?: boolean;
  neverWorked?: boolean;
  endpoint?: Endpoint | null;
  retryAt?: Date | null;
}

/** The server, its pooler or the key service accepts nobody at the moment. That says nothing about a password, and costs no failed login. */
const UNAVAILABLE: ReadonlySet<RotationFailure> = new Set<RotationFailure>([
  'host_not_found',
  'server_unreachable',
  'connection_cut',
  'timed_out',
  'server_full',
  'server_starting',
  'pooler_failed',
  'key_unavailable',
]);

/** A step that cannot continue. `transient`: the same may succeed later without anyone fixing anything. */
export class StepFailure extends Error {
  readonly code: RotationFailure;
  readonly transient: boolean;
  /** Transient, and waiting costs nothing: it does not count as a failed attempt. */
  readonly isUnavailable: boolean;
  /** The account it concerns, if it is one of several. */
  readonly subject: string | null;
  /** Which keys, if a server presented another one than the trusted one. */
  readonly otherKey: OtherKey | null;
  /** When the next login may be made, if the limit of rejected ones is reached. */
  readonly retryAt: Date | null;
  /** Whether the password that was rejected is one that a person gave, and that has never logged in. */
  readonly neverWorked: boolean;
  /** The endpoint that failed, if known: the text names the pooler. */
  readonly endpoint: Endpoint | null;

  constructor(code: RotationFailure, transient: boolean, details: FailureDetails = {}) {
    const { subject = null, otherKey = null, isUnavailable = false, neverWorked = false, endpoint = null, retryAt = null } = details;
    super(code);
    this.name = 'StepFailure';
    this.code = code;
    this.transient = transient;
    this.isUnavailable = isUnavailable;
    this.subject = subject;
    this.otherKey = otherKey;
    this.neverWorked = neverWorked;
    this.endpoint = endpoint;
    this.retryAt = retryAt;
  }
}

const TEXTS: Record<RotationFailure, string> = { ...ENGINE_FAILURES, ...ROTATION_FAILURES };

/** Texts where a failure has other causes, or another fix, on MariaDB and MySQL than on PostgreSQL. */
const MYSQL_TEXTS: Partial<Record<RotationFailure, string>> = {
  server_full: 'The server accepts no more connections, or none of this account (max_connections, MAX_USER_CONNECTIONS).',
  database_missing: 'There is no such database on the server, or the account has no rights on it.',
  role_missing: 'There is no such account on the server.',
  login_not_allowed: 'The server accepts no connections from the address of this worker: no account of this user is for that host.',
  pooler_failed: 'The proxy could not reach or log in to the server.',
  session_refused: 'The server accepted the password and then ended the session: its init_connect fails for this account.',
  auth_method_unsupported: 'The account logs in by a plugin that Rekey does not use. Switch it to mysql_native_password (on MySQL also caching_sha2_password).',
  current_password_refused:
    'The server rejected the stored password: it was changed elsewhere, Rekey’s store was restored from an older backup, the account is gone, or it demands TLS or a client certificate (REQUIRE). Enter the current URL under Settings.',
  rotator_refused:
    'The server rejected the rotator login: its password was changed, or the account demands TLS or a client certificate (REQUIRE). Enter its current URL under Settings.',
  pooler_refused_current:
    'The proxy rejected the stored password. Fix the proxy’s own copy of it (ProxySQL: mysql_users), or remove the pooled URL under Settings.',
  pooler_refused_new:
    'The proxy rejected the new password: it keeps its own copy (ProxySQL: the table mysql_users). Let it copy the hash from the server (proxysql-admin --syncusers, MaxScale: users_refresh_time), or remove the pooled URL under Settings, rotate with grace_hours, and update the proxy meanwhile.',
  pooler_unverifiable:
    'The proxy accepts any password, so no rotation can be verified through it. Let it check passwords, or remove the pooled URL under Settings.',
  pooler_rejection_unclear:
    'The proxy accepts the right password but gives no clear answer to a wrong one, so Rekey could not verify that the old password has ended.',
  rejection_slow: 'The server accepts the right password at once but takes longer than 6 seconds to reject a wrong one.',
  verifier_refused:
    'The server accepts no password hash: it validates passwords in strict mode. Switch strict_password_validation off; Rekey sends hashes only.',
  server_unproven:
    'The server accepted the password without showing that it knows it, so nothing proves that it is the right server. No change was sent. Turn TLS on, or find out what intercepts the connection between Rekey and the server.',
  target_unverifiable: 'This server accepts any password (skip_grant_tables), so no rotation can be verified. Start it with its grant tables.',
};

/** The text for a code, in the terms of the engine; `subject` names the account it concerns. */
export function failureText(code: RotationFailure, { engine, subject }: { engine?: EngineName; subject?: string | null } = {}): string {
  const text = (engine === 'mysql' && MYSQL_TEXTS[code]) || TEXTS[code];
  return subject ? `${text} (${subject})` : text;
}

/** The likeliest cause is a typing error; that the password was changed elsewhere is not known. */
const neverWorkedText = (engine: EngineName): string => {
  const other = engine === 'mysql' ? ' The account may also demand TLS or a client certificate (REQUIRE).' : '';
  return `The server rejected this password, and it has never worked here. Check the user and password of the URL, then enter the right one under Settings.${other}`;
};

/** Whether the text of a code names the pooler itself. */
const namesPooler = (code: string): boolean => code.startsWith('pooler_');

/** The text for a failure, in the terms of the engine, with the endpoint if it is the pooler, and the keys if it is about them. */
export function messageOf({ code, subject, otherKey, neverWorked, endpoint, retryAt }: StepFailure, engine: EngineName): string {
  if (neverWorked) return neverWorkedText(engine);
  const text = `${endpoint === 'pooled' && !namesPooler(code) ? 'Pooled URL: ' : ''}${failureText(code, { engine, subject })}`;
  if (retryAt) return `${text} Otherwise none is made before ${retryAt.toISOString()}.`;
  if (!otherKey) return text;
  const keys = `Trusted: ${otherKey.trusted ?? 'none'}. Shown: ${otherKey.offered}.`;
  const todo =
    code === 'rotator_key_changed'
      ? ''
      : ' If you know the new key, trust it under Settings; otherwise find out what intercepts the connection between Rekey and the server.';
  return `${text} ${keys}${todo}`;
}

/** The server could not be distinguished from an impostor, so nothing is known about either password. */
export const isAboutServer = (code: RotationFailure): boolean =>
  code === 'server_key_changed' || code === 'server_key_unknown' || code === 'tls_downgraded' || code === 'rotator_key_changed' || code === 'server_unproven';

/** The failure in an error of a step; null for an unexpected error. */
export function asStepFailure(error: unknown): StepFailure | null {
  if (error instanceof StepFailure) return error;
  if (error instanceof EngineError) {
    const { code, transient, subject = null, otherKey, retryAt = null } = error;
    return new StepFailure(code, transient, { subject, otherKey, retryAt, isUnavailable: transient && UNAVAILABLE.has(code) });
  }
  // A person may fix the file at any moment.
  if (error instanceof WpConfigError) return new StepFailure(error.code, error.code === 'wp_config_changed');
  if (error instanceof SealBrokenError) return new StepFailure('secret_unreadable', false);
  if (error instanceof KeyUnavailableError) return new StepFailure('key_unavailable', true, { isUnavailable: true });
  return null;
}

/** The details of a failure for a step of the timeline. */
export const detailOf = ({ code, subject, endpoint }: StepFailure) => ({
  code,
  ...(subject && { subject }),
  ...(endpoint === 'pooled' && { endpoint }),
});

/** What kept a login from a result: transient, unless a person must settle it. */
export const unknownFailure = ({ failure, otherKey = null, retryAt }: Extract<Probe, { verdict: 'unknown' }>, endpoint: Endpoint): StepFailure =>
  new StepFailure(failure, !isAboutServer(failure), { otherKey, retryAt: retryAt ?? null, endpoint, isUnavailable: UNAVAILABLE.has(failure) });

/**
 * Throws if the endpoint does not definitely reject a wrong password: a rotation could not be verified there. The
 * right password has just been accepted there, so a missing result is no network problem, unless the server says so.
 */
export function requireRejection(endpoint: Endpoint, probe: Probe): void {
  if (probe.verdict === 'refused') return;
  const isPooled = endpoint === 'pooled';
  if (probe.verdict === 'accepted') throw new StepFailure(isPooled ? 'pooler_unverifiable' : 'target_unverifiable', false);
  if (probe.failure === 'timed_out') throw new StepFailure(isPooled ? 'timed_out' : 'rejection_slow', true, { endpoint });
  if (probe.failure === 'unexpected' || probe.failure === 'pooler_failed')
    throw new StepFailure(isPooled ? 'pooler_rejection_unclear' : 'rejection_unclear', false);
  throw unknownFailure(probe, endpoint);
}

/** Throws `otherwise` if a login had another result; if it had none, throws what kept it from one, which may be transient. */
export function requireVerdict(
  { endpoint, probe }: { endpoint: Endpoint; probe: Probe },
  wanted: 'accepted' | 'refused',
  otherwise: RotationFailure,
  transient = false,
): void {
  if (probe.verdict === 'unknown') throw unknownFailure(probe, endpoint);
  if (probe.verdict !== wanted) throw new StepFailure(otherwise, transient, { endpoint });
}
