import { createHash } from 'node:crypto';
import type { Actor } from '#lib/context.ts';
import { env } from '#lib/env.ts';
import type { Limit } from './take-from-limit.ts';

/** Requests of one API key or member. */
export const requestLimit = (actor: Actor): Limit => ({
  bucket: `${actor.kind} ${actor.id}`,
  most: env.REKEY_RATE_LIMIT,
  windowSeconds: 60,
});

/** Requests with a login that is none, from one address. */
export const strangerLimit = (address: string): Limit => ({ bucket: `stranger ${address}`, most: 60, windowSeconds: 60 });

const QUARTER_SECONDS = 900;
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * Tries to sign in. For one email from one address few, so that guessing is hopeless; for one email from anywhere more,
 * so that a stranger who guesses does not easily lock its owner out; for one address against all emails in between.
 */
export const signInLimits = (email: string, address: string): Limit[] => [
  { bucket: `sign-in ${digest(`${email} ${address}`)}`, most: 10, windowSeconds: QUARTER_SECONDS },
  { bucket: `sign-in-email ${digest(email)}`, most: 100, windowSeconds: QUARTER_SECONDS },
  { bucket: `sign-in-address ${address}`, most: 50, windowSeconds: QUARTER_SECONDS },
];

/** Codes of one member's second factor, from anywhere: whoever tries them has the password already. */
export const codeLimit = (userId: string): Limit => ({ bucket: `code ${userId}`, most: 20, windowSeconds: QUARTER_SECONDS });
