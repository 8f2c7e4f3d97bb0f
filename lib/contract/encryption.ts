import { z } from 'zod';
import { time } from './common.ts';

/** Wrapping the data keys of everything anew, with the current key-encryption key. */
const keyRotation = z.object({
  id: z.string(),
  /** The key that is current now. */
  key_id: z.string(),
  state: z.enum(['queued', 'running', 'completed', 'failed']),
  /** Values wrapped anew so far. */
  rewrapped: z.number().int(),
  /** Values that none of the keys opens. */
  unreadable: z.number().int(),
  error: z.string().nullable(),
  created_at: time,
  finished_at: time.nullable(),
});
export type KeyRotationWire = z.infer<typeof keyRotation>;

export const keyRotationAnswer = z.object({ rotation: keyRotation });
/** Nothing is to be said; an unknown field is a mistake all the same. */
export const rotateKeysBody = z.strictObject({});

export const encryptionKeys = z.object({
  encryption_keys: z.array(
    z.object({
      /** What stands in the values that are sealed with it; it tells nothing of the key. */
      id: z.string(),
      /** Null where this process does not know of it. */
      provider: z.enum(['local', 'vault']).nullable(),
      is_current: z.boolean(),
      /** Whether the web server is given it. */
      is_given: z.boolean(),
      /** How many values of this installation are sealed with it. */
      values: z.number().int(),
      first_used_at: time.nullable(),
    }),
  ),
  /** The last one. */
  rotation: keyRotation.nullable(),
});
export type EncryptionKeysWire = z.infer<typeof encryptionKeys>;
