import { type Endpoint, EngineError, type EngineFailure } from '#lib/engines/engine.ts';
import { classifyNetwork, codeOf, engineError, isTlsFailure } from '#lib/engines/failure.ts';

/** By SQLSTATE (PostgreSQL's appendix A). */
const BY_SQLSTATE = new Map<string, EngineFailure>([
  ['28P01', 'password_refused'],
  ['28000', 'login_not_allowed'],
  ['3D000', 'database_missing'],
  ['42704', 'role_missing'],
  ['42501', 'not_permitted'],
  ['25006', 'read_only'],
  ['55P03', 'lock_busy'],
  ['40001', 'lock_busy'],
  ['40P01', 'lock_busy'],
  ['53300', 'server_full'],
  ['57P03', 'server_starting'],
  ['57P01', 'connection_cut'],
  ['57P02', 'connection_cut'],
  ['57P05', 'connection_cut'],
  ['57014', 'timed_out'],
  ['25P03', 'timed_out'],
  ['25P04', 'timed_out'],
]);

/**
 * How far a connection has come: the password is being asked for; it was found right and the session begins; or a
 * statement of ours runs. The same SQLSTATE says something else in each.
 */
export type Phase = 'login' | 'start' | 'statement';

/** One of our constants for an error of the driver, the server or the network. The original is dropped: it may carry anything. */
export function classify(error: unknown, endpoint: Endpoint = 'direct', phase: Phase = 'login'): EngineError {
  if (error instanceof EngineError) return error;
  const { code, message } = codeOf(error);
  const network = classifyNetwork({ code });
  if (network) return network;
  // With TLS 1.3 a server that demands a certificate says so after the handshake.
  if (phase === 'login' && isTlsFailure({ code, message })) return engineError('tls_refused');
  if (code === '') return engineError(byDriverText(message));
  if (phase === 'statement') return classifyStatement(error, code);
  // A pooler refuses what the server behind it takes, such as a setting at the start.
  if (endpoint === 'direct' && (code === '08P01' || code === '0A000')) return engineError('direct_is_pooler');
  if (code === '08P01' || (endpoint === 'pooled' && code === 'XX000')) return engineError(byPoolerText(message));
  // Code that a trigger runs may raise any error: it says nothing of the login.
  if (phase === 'start' && endpoint === 'direct' && isRaised(error)) return engineError('session_refused');
  // Of the database: no right to connect to it, or it takes no connections.
  if (phase === 'start' && (code === '42501' || code === '55000')) return engineError('database_missing');
  // Another release answers than the last time, and does not know a setting of ours.
  if (phase === 'start' && code === '42704') return new EngineError('unexpected', true);
  const known = BY_SQLSTATE.get(code);
  if (isShortage(code)) return new EngineError(known ?? 'unexpected', true);
  if (known) return engineError(known);
  return engineError(phase === 'start' && endpoint === 'direct' ? 'session_refused' : 'unexpected');
}

/** Whether an error has the context of a function that raised it. */
const isRaised = (error: unknown): boolean => typeof (error as { where?: unknown }).where === 'string';

/** Out of memory, of disk, of file descriptors. */
const isShortage = (code: string): boolean => code.startsWith('53') || (code.startsWith('58') && code !== '58P01');

/** A login that stands is not refused any more: what reads like a refusal is a rule for passwords, which an extension sets. */
function classifyStatement(error: unknown, code: string): EngineError {
  const { routine } = error as { routine?: unknown };
  // Told by the routine: the text is in the language of the server. "tuple concurrently updated".
  if (code === 'XX000' && (routine === 'simple_heap_update' || routine === 'simple_heap_delete')) return engineError('lock_busy');
  if (code.startsWith('28') || code === '22023' || code === 'P0001') return engineError('verifier_refused');
  if (isShortage(code)) return new EngineError(BY_SQLSTATE.get(code) ?? 'unexpected', true);
  return engineError(BY_SQLSTATE.get(code) ?? 'unexpected');
}

/** By the words of the rejection: PgBouncer’s, where it asks by SCRAM and where by MD5 or in clear text, and Pgpool-II’s. */
const POOLER_REJECTIONS = new Set(['SASL authentication failed', 'password authentication failed', 'authentication failed']);

/** What PgBouncer says where a rule of its own refuses a login, whatever the password: its auth_hba_file, or auth_type cert or peer. */
const POOLER_RULES = new Set(['login rejected', 'certificate authentication failed', 'unix socket login rejected']);

/** Poolers have one SQLSTATE for everything that goes wrong in a login: PgBouncer 08P01, Pgpool-II XX000. */
function byPoolerText(message: string): EngineFailure {
  if (POOLER_REJECTIONS.has(message)) return 'password_refused';
  if (message === 'no such user') return 'role_missing';
  if (POOLER_RULES.has(message)) return 'login_not_allowed';
  if (message === 'SSL required') return 'tls_needed';
  if (message.startsWith('no such database')) return 'database_missing';
  return message.startsWith('no more connections allowed') ? 'server_full' : 'pooler_failed';
}

/** Errors of pg itself have no code; tested against the pinned version. */
function byDriverText(message: string): EngineFailure {
  if (message.startsWith('Connection terminated') || message.startsWith('Client has encountered a connection error')) return 'connection_cut';
  if (message.startsWith('Client was closed')) return 'connection_cut';
  if (message.startsWith('SASL: SCRAM-SERVER-FIRST-MESSAGE: iteration count')) return 'iterations_too_high';
  if (message.startsWith('SASL: Only mechanism') || message.startsWith('Unknown authenticationOk')) return 'auth_method_unsupported';
  return 'unexpected';
}
