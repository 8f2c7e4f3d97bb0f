import { decode, encode } from 'next-auth/jwt';
import { deriveKey } from '#lib/crypto/derive-key.ts';
import { isSecure } from './session-cookie.ts';

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
