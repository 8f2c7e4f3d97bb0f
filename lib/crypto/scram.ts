import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Secret } from './secret.ts';

const derive = promisify(pbkdf2);

const VERIFIER =
  /^SCRAM-SHA-256\$[1-9][0-9]{0,8}:(?=[^$]{8,256}\$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$/;

/** Whether a text has exactly the form of a SCRAM-SHA-256 verifier; PostgreSQL stores anything else as a plaintext password. */
export const isScramVerifier = (text: string): boolean => VERIFIER.test(text);

/**
 * What PostgreSQL stores for a password (RFC 5803), so that the plaintext never is part of a statement.
 * @param iterations the server's `scram_iterations`
 * @param salt fresh by default: the same password hashed again is another verifier
 */
export async function makeScramVerifier(password: Secret, iterations: number, salt: Buffer = randomBytes(16)): Promise<string> {
  const salted = await derive(prepare(password.reveal()), salt, iterations, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

/** The steps of SASLprep (RFC 4013) that change bytes, as PostgreSQL's clients do them; ASCII stays as it is. */
function prepare(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200c\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '')
    .normalize('NFKC');
}
