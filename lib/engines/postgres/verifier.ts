import { createHash } from 'node:crypto';
import { isScramVerifier, makeScramVerifier } from '#lib/crypto/scram.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import type { Handshake, Login } from '#lib/engines/engine.ts';
import { engineError } from '#lib/engines/failure.ts';

/** The most iterations that Rekey's own login accepts from a server. A login takes half a second of processor time then. */
export const MAX_ITERATIONS = 1_000_000;
/** RFC 7677 asks for as many; with fewer a client may refuse to answer. */
const MIN_ITERATIONS = 4_096;

const MD5 = /^md5[0-9a-f]{32}$/;

/** Whether a text is one that PostgreSQL stores as it is; anything else it would take for a plaintext password. */
export const isVerifier = (text: string): boolean => isScramVerifier(text) || MD5.test(text);

/** Whether a server that shows this salt and these iterations holds the verifier: each is made with a random salt of its own. */
export const showsVerifier = ({ salt, iterations }: Pick<Handshake, 'salt' | 'iterations'>, verifier: string): boolean =>
  verifier.startsWith(`SCRAM-SHA-256$${iterations}:${salt}$`);

/** What the server stores for a password by MD5: it has no salt but the name of the role. Only ever put back, never made for a new password. */
export const md5Verifier = ({ user, password }: Login): string => `md5${createHash('md5').update(password.reveal()).update(user).digest('hex')}`;

/**
 * The verifier of a new password, by the server's own `scram_iterations`, and never with fewer than a client may ask for.
 * @throws {EngineError} iterations_too_high where nobody could log in with it
 */
export async function makeVerifier(password: Secret, iterations: number): Promise<string> {
  if (iterations > MAX_ITERATIONS) throw engineError('iterations_too_high');
  return makeScramVerifier(password, Math.max(iterations, MIN_ITERATIONS));
}
