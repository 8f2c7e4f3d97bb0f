import { type Endpoint, EngineError, type EngineFailure } from '#lib/engines/engine.ts';
import { classifyNetwork, codeOf, engineError } from '#lib/engines/failure.ts';

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

/** One of our constants for an error of the driver, the server or the network. The original is dropped: it may carry anything. */
export function classify(error: unknown, endpoint: Endpoint = 'direct'): EngineError {
  if (error instanceof EngineError) return error;
  const { code, message } = codeOf(error);
  const network = classifyNetwork({ code });
  if (network) return network;
  if (code === 'XX000' && message === 'tuple concurrently updated') return engineError('lock_busy');
  if (code === '08P01' && endpoint === 'pooled') return engineError(byPoolerText(message));
  // Out of memory, of disk, of file descriptors.
  if (code.startsWith('53') || code.startsWith('58')) return new EngineError(BY_SQLSTATE.get(code) ?? 'unexpected', true);
  const known = BY_SQLSTATE.get(code);
  if (known) return engineError(known);
  if (code) return engineError('unexpected');
  return engineError(byDriverText(message));
}

/** PgBouncer has one SQLSTATE for everything that goes wrong in a login. */
function byPoolerText(message: string): EngineFailure {
  if (message === 'SASL authentication failed') return 'password_refused';
  if (message === 'no such user') return 'role_missing';
  return message.startsWith('no more connections allowed') ? 'server_full' : 'pooler_failed';
}

/** Errors of pg itself have no code; tested against the pinned version. */
function byDriverText(message: string): EngineFailure {
  if (message.startsWith('Connection terminated') || message.startsWith('Client has encountered a connection error')) return 'connection_cut';
  if (message.startsWith('Client was closed')) return 'connection_cut';
  if (message.startsWith('SASL: Only mechanism') || message.startsWith('Unknown authenticationOk')) return 'auth_method_unsupported';
  return 'unexpected';
}
