import { decode, encode } from 'next-auth/jwt';
import { SESSION_MAX_SECONDS } from '#lib/access/session-times.ts';
import { deriveKey } from '#lib/crypto/derive-key.ts';
import { env } from '#lib/kernel/env.ts';

/** Whether Rekey's public URL uses TLS. Cookies are then sent over TLS only. */
const isSecure = env.NEXTAUTH_URL?.startsWith('https://');

/** The cookie holds an encrypted token with one claim of ours: the id of a row in `sessions`. */
export const SESSION_COOKIE = {
  name: `${isSecure ? '__Secure-' : ''}next-auth.session-token`,
  options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure, maxAge: SESSION_MAX_SECONDS },
} as const;

/** Returns the session id in a cookie's value, or null if the token is missing, expired or not Rekey's. */
export async function readSessionId(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  const claims = await decode({ token: cookie, secret: deriveKey('session') }).catch(() => null);
  return typeof claims?.sid === 'string' ? claims.sid : null;
}

const MAX_AGE_SECONDS = 180 * 24 * 3600;

/**
 * Says that a member has signed in on this device before, so that strangers who guess do not make them wait here
 * (OWASP: Slow Down Online Guessing Attacks with Device Cookies). It opens nothing.
 */
export const DEVICE_COOKIE = {
  name: `${isSecure ? '__Secure-' : ''}rekey.device`,
  options: { httpOnly: true, sameSite: 'lax', path: '/api/auth', secure: isSecure, maxAge: MAX_AGE_SECONDS },
} as const;

/** What the cookie holds after a sign-in: an encrypted token with the id of the session that was opened. */
export const makeDeviceToken = (sessionId: string): Promise<string> =>
  encode({ token: { device: sessionId }, secret: deriveKey('device'), maxAge: MAX_AGE_SECONDS });

/** The id of the session that was last opened on the device, which may have ended; null where the cookie is missing, expired or not ours. */
export async function readDevice(cookie: string | undefined): Promise<string | null> {
  if (!cookie) return null;
  const claims = await decode({ token: cookie, secret: deriveKey('device') }).catch(() => null);
  return typeof claims?.device === 'string' ? claims.device : null;
}
