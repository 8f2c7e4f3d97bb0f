import { z } from 'zod';
import { id, time } from './common.ts';

export const confirmBody = z.strictObject({ password: z.string().min(1, 'Give your password.').max(1024, 'This is longer than any password here.') });
export type ConfirmBody = z.infer<typeof confirmBody>;

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
