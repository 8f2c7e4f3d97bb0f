import { randomBytes } from 'node:crypto';
import { storeTime } from '#lib/kernel/clock.ts';
import { env } from '#lib/kernel/env.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { hashToken } from '#lib/set-up/setup-token.ts';

const TOKEN_BYTES = 32;
const DAYS = 7;
const DAY_MS = 86_400_000;

/** A new one-time link, and what is stored of it: the hash of its token, and when it stops working. */
export function makeInvitationLink(): { url: string; stored: { tokenHash: string; expiresAt: Date } } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const url = new URL(`/join?token=${token}`, env.NEXTAUTH_URL).href;
  return { url, stored: { tokenHash: hashToken(token), expiresAt: storeTime(DAYS * DAY_MS) } };
}

export const deadInvitation = () => invalidField('token', 'This link is unknown, used, revoked, replaced or older than seven days. Ask for another one.');
