import { EngineError, type EngineFailure, type OtherKey } from './engine.ts';

/** What may pass by itself: a restart, a full server, a network that comes back. */
const TRANSIENT: ReadonlySet<EngineFailure> = new Set<EngineFailure>([
  'server_unreachable',
  'connection_cut',
  'timed_out',
  'server_full',
  'server_starting',
  'lock_busy',
  'pooler_failed',
  'standby_missing',
  'account_blocked',
]);

/** By the code of Node's network errors. */
const BY_ERRNO = new Map<string, EngineFailure>([
  ['ENOTFOUND', 'host_not_found'],
  ['EAI_AGAIN', 'host_not_found'],
  ['ECONNREFUSED', 'server_unreachable'],
  ['EHOSTUNREACH', 'server_unreachable'],
  ['EHOSTDOWN', 'server_unreachable'],
  ['ENETUNREACH', 'server_unreachable'],
  ['EADDRNOTAVAIL', 'server_unreachable'],
  ['ECONNRESET', 'connection_cut'],
  ['EPIPE', 'connection_cut'],
  ['ETIMEDOUT', 'timed_out'],
]);

export const engineError = (code: EngineFailure, otherKey: OtherKey | null = null): EngineError => new EngineError(code, TRANSIENT.has(code), otherKey);

/** The same with the account it is about. */
export const engineErrorOf = (code: EngineFailure, subject: string): EngineError => Object.assign(engineError(code), { subject });

/** The part of an error that can be judged; its text is read here and goes no further. */
export function codeOf(error: unknown): { code: string; message: string; errno: number } {
  const { code, message, errno } = (typeof error === 'object' && error !== null ? error : {}) as { code?: unknown; message?: unknown; errno?: unknown };
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
    errno: typeof errno === 'number' ? errno : 0,
  };
}

/** Whether TLS itself failed: no common version or cipher, or a client certificate is demanded. Of a certificate that is not trusted Node says so by other codes. */
export const isTlsFailure = ({ code, message }: { code: string; message: string }): boolean =>
  code.startsWith('ERR_SSL_') || message.includes(':SSL routines:');

/** What an error of Node's network says; null where it is another one. */
export function classifyNetwork({ code }: { code: string }): EngineError | null {
  // A name server out of reach comes back; a name that does not exist stays so.
  if (code === 'EAI_AGAIN') return new EngineError('host_not_found', true);
  const known = BY_ERRNO.get(code);
  return known ? engineError(known) : null;
}
