import { Secret as OtpSecret, TOTP } from 'otpauth';
import { Secret } from '#lib/crypto/secret.ts';

const STEP_SECONDS = 30;
/** The device's clock may be off by one step in either direction. */
const TOLERATED_STEPS = 1;
const SECRET_BYTES = 20;

const totpOf = (secret: Secret, account: string) =>
  new TOTP({ issuer: 'Rekey', label: account, secret: secret.reveal(), algorithm: 'SHA1', digits: 6, period: STEP_SECONDS });

/** A new secret, in base32: 160 random bits, as RFC 4226 recommends. */
export const newTotpSecret = (): Secret => new Secret(new OtpSecret({ size: SECRET_BYTES }).base32);

/** Returns the URI for an authenticator app's QR code. It contains the secret. */
export const totpUri = (secret: Secret, account: string): string => totpOf(secret, account).toString();

/** Returns the time step (30 s each since 1970, RFC 6238) of a six-digit code, or null if it matches no step around now. */
export function stepOf(secret: Secret, code: string, at: Date): number | null {
  const totp = totpOf(secret, '');
  const away = totp.validate({ token: code, timestamp: at.getTime(), window: TOLERATED_STEPS });
  return away === null ? null : totp.counter({ timestamp: at.getTime() }) + away;
}
