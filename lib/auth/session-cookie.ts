import { decode } from 'next-auth/jwt';
import { SESSION_MAX_SECONDS } from '#lib/access/session-times.ts';
import { deriveKey } from '#lib/crypto/derive-key.ts';
import { env } from '#lib/kernel/env.ts';

/** Whether people open Rekey over TLS: cookies are then sent over nothing else. */
export const isSecure = env.NEXTAUTH_URL?.startsWith('https://');

/** The cookie holds an encrypted token with one claim of ours: the id of a row in `sessions`. */
export const SESSION_COOKIE = {
  name: `${isSecure ? '__Secure-' : ''}next-auth.session-token`,
  options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure, maxAge: SESSION_MAX_SECONDS },
} as const;

/** The session id inside a cookie's value, or null where the token is missing, expired or not ours. */
export async function readSessionId(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  const claims = await decode({ token: cookie, secret: deriveKey('session') }).catch(() => null);
  return typeof claims?.sid === 'string' ? claims.sid : null;
}
