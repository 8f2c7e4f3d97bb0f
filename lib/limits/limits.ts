import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Actor } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import type { Limit } from './take-from-limit.ts';

/** Requests of one API key or member. */
export const requestLimit = (actor: Actor): Limit => ({
  bucket: `${actor.kind} ${actor.id}`,
  most: env.REKEY_RATE_LIMIT,
  windowSeconds: 60,
});

/** What one party can change at will counts as one address: of IPv6 that is a network of 64 bits. */
const networkOf = (address: string): string => (isIPv6(address) ? ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString() : address);

/** Requests with a login that is none, from one address. */
export const strangerLimit = (address: string): Limit => ({ bucket: `stranger ${networkOf(address)}`, most: 60, windowSeconds: 60 });

/** How often a secret may be guessed wrong: a few times at once, then with waits that double up to the longest. Never a lock: each wait ends. */
export interface GuessLimit {
  /** Who guesses at what: `sign-in …`, `code …`. */
  bucket: string;
  /** So many without a wait. */
  free: number;
  longestSeconds: number;
  /** The first wait; each one after it is twice as long. 15 s where nothing is said. */
  firstSeconds?: number;
}

const QUARTER_SECONDS = 900;
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

/**
 * Passwords tried by strangers: for one email from one address, from one address, and for one email from anywhere, which a distributed
 * guess runs into. A stranger alone is stopped by the first, so that they do not make the owner wait at another address.
 */
export function strangerGuessLimits(email: string, address: string): GuessLimit[] {
  const network = networkOf(address);
  return [
    { bucket: `sign-in ${digest(`${email} ${network}`)}`, free: 10, longestSeconds: QUARTER_SECONDS },
    { bucket: `sign-in-address ${network}`, free: 50, longestSeconds: 300 },
    { bucket: `sign-in-email ${digest(email)}`, free: 30, longestSeconds: 300 },
  ];
}

/** Passwords tried from a device on which this member has signed in before, whatever strangers do meanwhile. */
export const deviceGuessLimits = (device: string): GuessLimit[] => [{ bucket: `sign-in-device ${device}`, free: 10, longestSeconds: QUARTER_SECONDS }];

/** Passwords tried in an open session. */
export const sessionGuessLimits = (sessionId: string): GuessLimit[] => [{ bucket: `confirm ${sessionId}`, free: 10, longestSeconds: QUARTER_SECONDS }];

/** Codes of a second factor. `by` is the member, for all strangers together, or a device or session of theirs: who tries codes has the password already. */
export const codeGuessLimits = (by: string): GuessLimit[] => [{ bucket: `code ${by}`, free: 5, longestSeconds: QUARTER_SECONDS }];

/** Stored passwords that one key or member tries to guess by giving a known login another one. Room for as many adoptions of one login at once. */
export const storedPasswordGuessLimits = (actor: Actor, login: string): GuessLimit[] => [
  { bucket: `stored ${actor.id} ${digest(login)}`, free: 20, longestSeconds: QUARTER_SECONDS },
];

/** Logins with a password that is not stored yet, of one account: servers lock accounts. As many as of a stored one, then one each 15 minutes. */
export const givenLoginLimits = (
  organizationId: string,
  { engine, host, port, user }: { engine: string; host: string; port: number; user: string },
): GuessLimit[] => [
  {
    bucket: `given ${organizationId} ${digest(`${engine} ${host} ${port} ${user}`)}`,
    free: env.REKEY_FAILED_LOGINS,
    firstSeconds: QUARTER_SECONDS,
    longestSeconds: QUARTER_SECONDS,
  },
];

/** Deletes what no limit and no repeated request looks at any more: counts of an hour ago, answers of a day ago. */
export async function forgetOldLimits(): Promise<void> {
  await db.$executeRaw`DELETE FROM rate_limits WHERE window_began_at < now() - interval '1 hour'`;
  await db.$executeRaw`DELETE FROM idempotency_keys WHERE started_at < now() - interval '24 hours'`;
}
