import { z } from 'zod';
import { id, newPassword, time } from './common.ts';

export const confirmBody = z.strictObject({
  password: z.string().min(1, 'Enter your password.').max(1024, 'This is longer than any password here.'),
  /** Where the second factor is on: of the app, or a recovery code. */
  code: z.string().max(100, 'This is longer than any code.').optional(),
});
export type ConfirmBody = z.infer<typeof confirmBody>;

/** The form of the sign-in; what else stands in it is next-auth's. */
export const signInForm = confirmBody
  .extend({ email: z.string().trim().min(1, 'Enter your email address.').max(254, 'This is longer than any email address.') })
  .loose();

/** The present password, and a code where the second factor is on, as to confirm; and the one that is to be. */
export const changePasswordBody = confirmBody
  .extend({ new_password: newPassword })
  .refine((body) => body.new_password !== body.password, { path: ['new_password'], error: 'This is the password you have. Choose another.' });
export type ChangePasswordBody = z.infer<typeof changePasswordBody>;

/** A sign-in that has not ended. */
export const session = z.object({
  id,
  /** The one that asks. */
  is_current: z.boolean(),
  /** Where and with what it was begun. */
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: time,
  /** Within a minute. */
  last_seen_at: time,
  /** When it ends unless it is used meanwhile. */
  expires_at: time,
});
export type SessionWire = z.infer<typeof session>;
export const ownSessionList = z.object({ sessions: z.array(session) });
export const sessionsRevoked = z.object({ revoked: z.number().int() });

export const secondFactor = z.object({
  is_on: z.boolean(),
  since: time.nullable(),
  recovery_codes_left: z.number().int(),
  /** Wrong codes that came with the right password, until the member has seen it; null where there were none. */
  wrong_codes: z.object({ count: z.number().int(), last_at: time, last_address: z.string().nullable() }).nullable(),
});
export type SecondFactorWire = z.infer<typeof secondFactor>;
/** Both tell the secret, this once. */
export const secondFactorBegun = z.object({ secret: z.string(), otpauth_uri: z.string() });
export type SecondFactorBegunWire = z.infer<typeof secondFactorBegun>;
export const confirmSecondFactorBody = z.strictObject({
  code: z
    .string()
    .max(100)
    .transform((code) => code.replace(/\s/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, 'Enter the six digits that the app shows.')),
});
/** Each takes the place of a code once; they are told this once. */
export const recoveryCodes = z.object({ recovery_codes: z.array(z.string()) });
