import { createHash } from 'node:crypto';
import type { Origin } from '#lib/kernel/context.ts';
import { type DomainError, invalidField } from '#lib/kernel/errors.ts';
import { strangerLimit } from '#lib/limits/limits.ts';
import { takeFromLimit } from '#lib/limits/take-from-limit.ts';

/** What is stored in place of a set-up token. Tokens are random, so a fast hash is enough. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const deadLink = () => invalidField('token', 'This link is unknown or was used. Sign in; or if Rekey is not set up yet, restart it for a new link.');

/** Refuses the token of a one-time link, which counts against the address it came from. Throws rate_limited in place of `dead` where that sent too many. */
export async function refuseToken(origin: Origin, dead: DomainError): Promise<never> {
  await takeFromLimit(strangerLimit(origin.address ?? 'unknown'));
  throw dead;
}
