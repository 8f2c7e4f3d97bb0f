import type { TlsMode } from '#lib/contract/engines/engine-facts.ts';
import type { EngineName } from '#lib/contract/engines/engines.ts';
import type { Secret } from '#lib/crypto/secret.ts';

export type { EngineName, TlsMode };

export type Endpoint = 'direct' | 'pooled';

/**
 * What is known about the other end of a connection.
 * `verified`: its certificate chain is checked. `pinned`: TLS with the key that is trusted for this login. `unproven`:
 * TLS with a key that is not trusted yet. `changed`: TLS with another key than the trusted one. `plain`: no TLS.
 */
export type Channel = 'verified' | 'pinned' | 'unproven' | 'changed' | 'plain';

/**
 * How a server asks for a password.
 * `scram_bound`: SCRAM-SHA-256-PLUS under the salt and iterations that are known of the login.
 * `scram_weak`: SCRAM with fewer iterations than MIN_SCRAM_ITERATIONS.
 * `sha2_fast`, `sha2_full`, `sha2_rsa`: caching_sha2_password by its challenge, by the password inside TLS, or by the
 * password encrypted with an RSA key that is trusted for this login.
 */
export type Method = 'scram_bound' | 'scram' | 'scram_weak' | 'md5' | 'native' | 'sha2_fast' | 'sha2_full' | 'sha2_rsa' | 'cleartext';

/** The key an endpoint shows, read without logging in. */
export interface ServerKey {
  /** SHA-256 of its SubjectPublicKeyInfo, in hex; null where the server offers no TLS. */
  fingerprint: string | null;
  /** Its certificate is verified, so that no key needs to be trusted. */
  isVerified: boolean;
}

/** How a connection is protected, and how much of a password may be revealed on it. */
export interface Tls {
  mode: TlsMode;
  /** The trusted certificate authorities; null: the public ones. */
  caPem: string | null;
  /**
   * SHA-256 of the server's public key (SubjectPublicKeyInfo), in hexadecimal; null before the first login, 'none' if
   * that login met a server without TLS.
   */
  pinnedKey: string | null;
  /** The same for the RSA key under which MySQL accepts a password without TLS. */
  pinnedRsaKey: string | null;
  /** A person allowed this login to answer MD5 on an unprotected channel. */
  allowsMd5: boolean;
}

/** An endpoint of a login. */
export interface Place {
  /** IPv6 without brackets. */
  host: string;
  port: number;
  /** The name under which the endpoint knows the login; null: the login's own. */
  user: string | null;
  database: string;
  tls: Tls;
}

/** The endpoints at which a login is tried. `pooled` is null without a pooler. */
export interface Target {
  direct: Place;
  pooled: Place | null;
}

export interface Login {
  user: string;
  password: Secret;
  /** What the server is known to hold for the password, where it is known. */
  verifier?: string | null;
  /**
   * Verifiers of other passwords of the role. An endpoint that shows that it holds one of them is not sent this password,
   * which it would reject. `all`: nor one that shows any but the known `verifier`, of which only a login could tell more.
   */
  others?: readonly string[] | 'all';
  /** Names a rejection of this login that its job makes by design: the first one at an endpoint does not count as a failed login. */
  expected?: { name: string /** Made also where no more may be rejected: it decides how a change that was sent ends. */; isFinal: boolean };
}

/** The login that changes others' passwords. Its password goes to its own address alone. */
export interface Rotator extends Login {
  target: Target;
}

/** Why a server could not be asked or would not do a thing: ours and constant, never the driver's text. */
export const ENGINE_FAILURES = {
  host_not_found: 'The host name does not resolve.',
  server_unreachable: 'The server does not answer.',
  connection_cut: 'The connection was cut.',
  timed_out: 'The server did not answer in time.',
  tls_refused: 'The server offers no TLS that Rekey can use: it has none, only old versions or other ciphers, or it demands a client certificate.',
  tls_untrusted: 'The certificate of the server is not trusted.',
  tls_downgraded: 'The server no longer offers TLS, over which this login was proven before. Nothing was sent.',
  server_key_changed: 'The server presents another key than the one trusted for this login. Nothing was sent.',
  server_key_unknown: 'The server asks for the password under an RSA key that is not trusted yet. The password was not sent.',
  server_full: 'The server accepts no more connections, or none of this role.',
  server_starting: 'The server is starting or stopping.',
  password_refused: 'The server rejected the password.',
  other_password_held: 'The server holds another password of this role, so this one was not sent.',
  cleartext_refused: 'The server asked for the password in clear text; Rekey does not send it.',
  md5_refused:
    'The server asks for an MD5 hash of the password, and the connection does not prove the server. Turn TLS on, or set allows_md5 for this login. Nothing was sent.',
  scram_iterations_too_low:
    'The server asks for SCRAM with fewer than 4096 iterations, and the connection does not prove the server. Turn TLS on, or raise scram_iterations and set the password again. Nothing was sent.',
  server_unproven:
    'The server let the login in without asking for the password, or with a wrong one, so nothing proves that it is the right server. No change was sent. Turn TLS on, or require scram-sha-256 instead of trust in pg_hba.conf.',
  auth_method_unsupported: 'The server asked for an authentication method that Rekey does not support.',
  database_missing: 'There is no such database on the server, or none that the role may connect to.',
  role_missing: 'There is no such role on the server.',
  login_not_allowed:
    'The role may not log in from here: NOLOGIN, a rule in pg_hba.conf (including one that requires TLS or forbids it), or a required client certificate.',
  account_blocked: 'The server has blocked the account after too many failed logins in a row. FLUSH PRIVILEGES unblocks it.',
  account_locked: 'The account is locked (ACCOUNT LOCK). Until it is unlocked, nobody can log in with it.',
  login_limit:
    'The server has rejected as many logins of this account as Rekey makes within some minutes, because servers lock accounts. Nothing was sent. A connection check that you request makes one more login at once.',
  hourly_limit_low:
    'The account may make fewer than 30 logins or 300 statements an hour (MAX_CONNECTIONS_PER_HOUR, MAX_QUERIES_PER_HOUR). Checks and rotations would use them up, and the application could not log in.',
  host_blocked: 'The server has blocked this host after too many failed connections in a row. FLUSH HOSTS unblocks it.',
  no_password:
    'The server rejected the login without asking for a password: the password is wrong, or the account has none (unix_socket or another plugin). Give Rekey an account that logs in by a native password.',
  certificate_needed: 'The account requires a client certificate or a certain cipher (REQUIRE X509, SUBJECT, ISSUER or CIPHER), and Rekey has none.',
  pooler_failed: 'The pooler could not reach or log in to the server.',
  wrong_identity: 'The login was accepted for another role.',
  not_permitted: 'The login may not change this password.',
  read_only: 'The server is read-only, or follows another one.',
  tls_needed: 'TLS is required for this login, and the URL turns it off.',
  password_expired: 'The password has expired: the role can do nothing until it is changed.',
  plugin_unsupported: 'An account of this role does not use a password that Rekey can set: its plugin is not the native one.',
  accounts_differ: 'The accounts of this role on different hosts have different passwords.',
  verifier_refused: 'The server accepts only a password itself, not its hash: its password rules are strict.',
  overlap_unsupported: 'This login cannot make that many passwords valid at once.',
  account_not_loaded:
    'The table of accounts lists an account that the server has not loaded, such as one for a host name where it resolves none. Drop it, or have the server load it, then try again.',
  own_change_unsafe: 'A change by the account itself would replace another password than the stored one. Add a rotator login under Settings.',
  replicas_need_rotator:
    'Replicas follow this server, and a change by the account itself stops a replica that lacks the account. Add a rotator login under Settings.',
  lock_busy: 'Someone else is changing the role.',
  verifier_malformed: 'The verifier is malformed.',
  iterations_too_high: 'The server asks for more than 1,000,000 SCRAM iterations (scram_iterations); no login with such a password could be verified.',
  direct_is_pooler: 'The direct address leads to a pooler or proxy, not to the database server. Rekey needs the server’s own address there.',
  server_too_old: 'The server is older than PostgreSQL 13, the oldest release that Rekey supports.',
  catalog_denied:
    'Views or functions of the catalog that Rekey needs to change a password safely were taken away from PUBLIC. Grant them to the logins that Rekey uses.',
  sessions_denied: 'The login may not end sessions, not even its own: the right to was taken away from PUBLIC.',
  session_refused: 'The server accepted the password and then ended the session: a login event trigger or a preloaded library raised an error.',
  standby_missing: 'An earlier change by Rekey is waiting for a synchronous standby that does not answer.',
  unexpected: 'The server answered in an unexpected way.',
} as const;
export type EngineFailure = keyof typeof ENGINE_FAILURES;

const REJECTIONS: ReadonlySet<EngineFailure> = new Set<EngineFailure>(['password_refused', 'no_password', 'account_blocked']);

/** Whether a server counts this as a failed login of the account. */
export const isRejection = (failure: EngineFailure): boolean => REJECTIONS.has(failure);

/** The key a server showed in place of the trusted one, by their fingerprints (SHA-256 of the public key, in hex). */
export interface OtherKey {
  endpoint: Endpoint;
  kind: 'tls' | 'rsa';
  trusted: string | null;
  offered: string;
}

/** Thrown by every operation but `probe`. Carries a code and constant text; the driver's error is dropped. */
export class EngineError extends Error {
  readonly code: EngineFailure;
  /** Whether the same call may succeed later without anyone fixing anything. */
  readonly transient: boolean;
  /** What it is about, such as an account, by a name that may be shown. */
  declare readonly subject?: string;
  /** Of login_limit: when the next login is made. */
  declare readonly retryAt?: Date;
  /** Of server_key_changed and server_key_unknown: which keys. */
  readonly otherKey: OtherKey | null;
  constructor(code: EngineFailure, transient: boolean, otherKey: OtherKey | null = null) {
    super(ENGINE_FAILURES[code]);
    this.name = 'EngineError';
    this.code = code;
    this.transient = transient;
    this.otherKey = otherKey;
  }
}

/**
 * What the exchange of a login proved beside the password, before any statement: the server signed it, so it holds a
 * verifier of this very password, and rejects any other one. Absent where the method proves nothing (MD5, cleartext, all
 * of MySQL's) or no password was asked for.
 */
export interface Handshake {
  method: Method;
  /** By which salt, in base64, and how many iterations the verifier is made. */
  salt: string;
  iterations: number;
}

/**
 * What one login said of the password.
 * `accepted` also where the login failed after the password was found right (unknown database, role's limit);
 * `refused` only on the server's definite word, or without a login that fails: `by` the account, as read from the server,
 * or by the handshake, in which the server showed the verifier of another password. Everything else is `unknown`.
 */
export type Probe = { at: Date; durationMs: number } & (
  | { verdict: 'accepted'; after?: EngineFailure; handshake?: Handshake | undefined }
  | { verdict: 'refused'; by?: 'account' | 'handshake' }
  | { verdict: 'unknown'; failure: EngineFailure; otherKey?: OtherKey | null; retryAt?: Date }
);

/** The application_name of what only looks: probes, checks and counts. */
export const OWN_APPLICATION = 'rekey';

/** Sessions of the role, one row for each application and address. */
export interface SessionGroup {
  application: string;
  address: string;
  count: number;
  /** When the oldest of them began; null where the server does not tell. */
  since: Date | null;
}

/** Which of the sessions: those of one row. */
export type SessionHolder = Pick<SessionGroup, 'application' | 'address'>;

/** Divides the sessions of an old password from those of the new one. */
export interface SessionCut {
  /** The server's clock after the change. */
  at: Date;
  /** Where the server does not tell when a session began: the id of the first connection with the new password. Ids only grow. */
  connectionId: number | null;
}

/** Why a change cannot be made, and of which account that holds. */
export interface Obstacle {
  code: EngineFailure;
  subject: string | null;
}

/** What guarded a login. */
export interface Protection {
  /** `bound`: the server proved by SCRAM channel binding that it knows the password and holds the key. */
  channel: Channel | 'bound';
  /** The fingerprint of the server's TLS key; null without TLS. */
  key: string | null;
  /** How the server asked for the password; null where it did not ask. */
  method: Method | null;
}

/** What was found out about a login, without changing anything. */
export interface Inspection {
  /** What guarded the login; null where it could not be held, as with an expired password. */
  protection: Protection | null;
  /** What the login proved of the server by itself. */
  handshake?: Handshake | undefined;
  serverVersion: string;
  /** What the server says of itself, the same under each of its names; null where it does not tell this login. */
  identity: string | null;
  /** Which login can change the password: the role itself, the rotator, both, or neither. */
  selfMayChange: boolean;
  rotatorMayChange: boolean | null;
  /** Why the rotator could not be asked, where it could not: `rotatorMayChange` is false then. */
  rotatorFailure: EngineFailure | null;
  /** What the server has against the change itself, by the login that makes it; null where nothing, or where the login cannot be asked. */
  changeFailure: EngineFailure | null;
  /** The account that `changeFailure` is about, where it is about one of several. */
  changeSubject?: string | null;
  /** How many failed logins in a row make the server block an account; null or absent where none do. */
  failedLoginLimit?: number | null;
  /** How many logins and statements the account may make in an hour; 0 where nothing limits them. */
  hourlyLimits?: { logins: number; statements: number };
  maySeeSessions: boolean;
  mayEndSessions: boolean;
  /** Cost parameter for a new verifier: `scram_iterations`, or the rounds of caching_sha2_password; 0 for mysql_native_password, which has none. */
  iterations: number;
  /** Seconds a login may take: one begun before a change can end this long after it. */
  authenticationTimeoutSeconds: number;
  validUntil: Date | null;
  isReadOnly: boolean;
  /** The verifier that the server holds, if the login used SCRAM: an exact undo restores it. */
  verifier: string | null;
}

export interface ChangeRequest {
  /** The role whose password changes. */
  role: string;
  /**
   * The verifier to store. A password itself only if a person allowed it for the login: the server may log it. Throws
   * `verifier_malformed` if the engine never sends one.
   */
  verifier: string | Secret;
  /** Verifiers that stay valid beside it; all others end. Throws `overlap_unsupported` if the login cannot do that. */
  alsoValid?: readonly string[];
  /**
   * Verifiers of every stored version: an account with another password belongs to someone else, or the server is an
   * impostor, so it is not changed. A MySQL that has proven itself in no other way is changed only with them.
   */
  known?: readonly string[];
  /** Also ends unknown passwords that someone else set beside it. Without it they stay valid. */
  endsOthers?: boolean;
  /** Names the attempt; up to its last colon it names the rotation. Orphans are found by it and ended. */
  attempt: string;
  /**
   * Called before the change is sent, and after the last thing that could delay it, with the transaction's id if the
   * server has one; rejecting aborts the change.
   */
  onTransaction: (xid: string | null) => Promise<void>;
}

/** A held login as the role itself, to see and end its sessions. */
export interface RoleSession {
  /** What guarded the login. */
  protection: Protection;
  /** What the login proved of the server by itself. */
  handshake?: Handshake | undefined;
  /** The id of this connection, for a SessionCut; null where the server tells when a session began. */
  connectionId: number | null;
  /** The role's other sessions, without this one; only those begun before `before` where it is given. */
  listSessions(before?: SessionCut): Promise<SessionGroup[]>;
  /** Ends the role's sessions begun before `before`; only those of `holder` where it is given. Returns how many. */
  endSessions(before: SessionCut, holder?: SessionHolder): Promise<number>;
  /** The verifier the server holds for this login's password, as the login told it; null where it is of another kind. Spares the work where it is the `known` one. */
  verifier(known?: string | null): Promise<string | null>;
  /** The settings that decide how a change is made, and the server's clock; null where it tells none. Throws EngineError where this is not the server itself. */
  inspect(): Promise<Pick<Inspection, 'iterations' | 'authenticationTimeoutSeconds' | 'isReadOnly' | 'failedLoginLimit'> & { now: Date | null }>;
  /** Every hash by which the account lets a password in, read now; absent where the server does not tell. */
  verifiers?(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What a rehearsal learned of the role. */
export interface Rehearsal {
  /** See Inspection. */
  iterations: number;
  /** The verifier the server holds for the role's present password; null where that cannot be told. */
  verifier: string | null;
}

/** A held login as the one that changes passwords: the rotator, or the role itself. */
export interface Operator extends RoleSession {
  /** Ends sessions of this login that other attempts left in the middle of a change, so that nothing of theirs can still land; `prefix` is what their names have in common. Throws EngineError while one cannot be ended. */
  endOrphans(prefix: string): Promise<number>;
  /** Changes the password, of every account of the role, inside server-side time-outs and a lock on the role. Returns the server's clock after the change, null where it tells none, how many passwords of somebody else were found beside it, and whether other servers follow this one, where that is known. */
  changePassword(request: ChangeRequest): Promise<{ changedAt: Date | null; others?: number; hasFollowers?: boolean }>;
  /** Goes through a change of the role's password without changing it, and throws EngineError with what stands in its way. */
  rehearse?(request: Pick<ChangeRequest, 'role' | 'known'> & { password: Secret }): Promise<Rehearsal>;
  /** Lets the role log in again where failed logins have blocked it, if this login may. */
  unblock?(role: string): Promise<void>;
}

/** A login of a server, as its rotator sees it. */
export interface Account {
  name: string;
  /** Its open sessions, by application and address. */
  sessions: SessionGroup[];
  /** A database that it may connect to: the one of most sessions, or another one; null where there is none. */
  database: string | null;
  /** Why the rotator cannot change its password; null where it can, as far as the server's catalog tells. */
  obstacle: 'superuser' | 'not_permitted' | 'is_rotator' | null;
}

/** All that Rekey asks of a database server. No method puts a plaintext password into a statement, unless a person chose so for the login. */
export interface Engine {
  name: EngineName;
  /** Reads the key an endpoint shows, without logging in: nothing of a login is sent. Throws EngineError. */
  readKey(target: Target, endpoint: Endpoint): Promise<ServerKey>;
  /** Whether a role has several accounts, of which a change that was interrupted may have reached some. */
  changesAccountsOneByOne: boolean;
  /** Whether a rotator can make two passwords valid at once. */
  keepsTwoPasswords: boolean;
  /** Whether a server may block an account after some failed logins, for the right password too. */
  limitsFailedLogins: boolean;
  /** Tries one login and closes it. Never throws. `onAccepted` hears what guarded a login that was accepted. */
  probe(target: Target, endpoint: Endpoint, login: Login, onAccepted?: (protection: Protection) => void): Promise<Probe>;
  /** Whether it can send a new password as it is, where the server takes no verifiers. */
  sendsPlaintext: boolean;
  /**
   * Finds out what the login (and the rotator) may do. Changes nothing; rights are proven by trying, in the way the change
   * would be made: where passwords are sent in plain text, with a random one.
   */
  inspect(target: Target, login: Login, rotator: Rotator | null, options?: { sendsPlaintext: boolean }): Promise<Inspection>;
  /** Logs in to change a password; `attempt` becomes the session's application_name. */
  openOperator(target: Target, login: Login, attempt: string): Promise<Operator>;
  /** The logins of the server that have passwords to rotate, and what a new verifier costs there; absent where they cannot be listed. Changes nothing. Throws EngineError. */
  listAccounts?(rotator: Rotator): Promise<{ iterations: number; accounts: Account[] }>;
  /** Logs in as the role, on the direct endpoint. */
  openSession(target: Target, login: Login): Promise<RoleSession>;
  /** The value to store on the server for a password, with a fresh salt. */
  makeVerifier(password: Secret, iterations: number): Promise<string>;
  /** Whether a login that was accepted with this handshake shows that the server holds this verifier; absent where a role may have several, or a login shows none. */
  shows?(handshake: Handshake, verifier: string): boolean;
  /** Whether a verifier is that of a password; only engines that read verifiers answer (`RoleSession.verifiers`). */
  isOf?(verifier: string, password: Secret): boolean;
}
