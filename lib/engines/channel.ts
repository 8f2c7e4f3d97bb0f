import type { Channel, EngineFailure, Method, Protection } from './engine.ts';

/** PostgreSQL's own default; RFC 7677 asks for at least as many. */
export const MIN_SCRAM_ITERATIONS = 4_096;

const PROVEN: readonly Method[] = ['scram_bound', 'scram', 'scram_weak', 'md5', 'native', 'sha2_fast', 'sha2_full', 'sha2_rsa'];
/** They reveal nothing reusable: an impostor can only guess passwords against them. */
const CHALLENGES: readonly Method[] = ['scram', 'native', 'sha2_fast'];

const ALLOWED: Record<Channel, readonly Method[]> = {
  verified: PROVEN,
  pinned: PROVEN,
  unproven: [...CHALLENGES, 'scram_bound', 'sha2_rsa'],
  // The exchange proves the server, and the proof that an impostor would receive is bound to its own certificate.
  changed: ['scram_bound'],
  plain: [...CHALLENGES, 'sha2_rsa'],
};

/** Whether the other end is known to be the server. */
export const isProven = (channel: Channel): boolean => channel === 'verified' || channel === 'pinned';

/** Whether the server has proven itself in a session: by its channel, or by SCRAM, which ends only with the server's own proof. */
export const hasProvenItself = ({ channel, method }: Protection): boolean =>
  channel === 'bound' || isProven(channel) || method === 'scram_bound' || method === 'scram';

/** Whether a statement may carry a password verifier: the server has proven itself, or has at least asked for the password in a way that may be answered. */
export const mayHearVerifier = (protection: Protection): boolean => hasProvenItself(protection) || protection.method !== null;

const REFUSALS: Partial<Record<Method, EngineFailure>> = {
  md5: 'md5_refused',
  scram_weak: 'scram_iterations_too_low',
  cleartext: 'cleartext_refused',
  sha2_full: 'cleartext_refused',
};

/** Why a method may not be answered on a channel; null if it may. `allowsMd5`: a person allowed it for this login. */
export function refusalOf(channel: Channel, method: Method, allowsMd5 = false): EngineFailure | null {
  if (ALLOWED[channel].includes(method)) return null;
  if (channel === 'changed') return 'server_key_changed';
  if (method === 'md5' && allowsMd5) return null;
  return REFUSALS[method] ?? 'auth_method_unsupported';
}
