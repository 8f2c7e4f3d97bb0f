import { Secret as OtpSecret, TOTP } from 'otpauth';
import { Secret } from '#lib/crypto/secret.ts';

const STEP_SECONDS = 30;
/** A clock may be wrong by one step, either way. */
const TOLERATED_STEPS = 1;
const SECRET_BYTES = 20;

const totpOf = (secret: Secret, account: string) =>
  new TOTP({ issuer: 'Rekey', label: account, secret: secret.reveal(), algorithm: 'SHA1', digits: 6, period: STEP_SECONDS });

/** A new secret, in base32: 160 random bits, as RFC 4226 recommends. */
export const newTotpSecret = (): Secret => new Secret(new OtpSecret({ size: SECRET_BYTES }).base32);

/** What an authenticator app reads from the picture; the secret is in it. */
export const totpUri = (secret: Secret, account: string): string => totpOf(secret, account).toString();

/** The time step (30 s each since 1970, RFC 6238) that a code of six digits belongs to, or null where it is not one of about now. */
export function stepOf(secret: Secret, code: string, at: Date): number | null {
  const totp = totpOf(secret, '');
  const away = totp.validate({ token: code, timestamp: at.getTime(), window: TOLERATED_STEPS });
  return away === null ? null : totp.counter({ timestamp: at.getTime() }) + away;
}
