import { createHash } from 'node:crypto';
import { invalidField } from '#lib/errors.ts';

/** What is stored in place of a set-up token. Tokens are random, so a fast hash is enough. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

export const deadLink = () =>
  invalidField('token', 'This link is not known, or has been used. Sign in; or where nobody has set up Rekey yet, start it again for a new link.');
