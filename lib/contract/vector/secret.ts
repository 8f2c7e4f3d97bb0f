import { z } from 'zod';
import { id, time } from '#lib/contract/common.ts';

/** The keys alone leave; values go to deployments and nowhere else. */
export const secret = z.object({
  id,
  key: z.string(),
  /** The same as `key`. */
  name: z.string(),
  /** All are: no value is ever answered. */
  is_secret: z.literal(true),
  environment_id: z.string().nullable(),
  created_at: time,
  updated_at: time,
});
export type SecretWire = z.infer<typeof secret>;

/** What the platform itself sets for a deployment. */
const RESERVED = /^(?:DB_(?:NAME|USER|PASSWORD|HOST|CHARSET|COLLATE)|(?:AWS|YMIR)_.*)$/i;

const key = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'Use letters, digits and underscores, no digit first, 128 characters at most.')
  .refine(
    (name) => !RESERVED.test(name),
    'This key is reserved: DB_NAME, DB_USER, DB_PASSWORD, DB_HOST, DB_CHARSET, DB_COLLATE, AWS_* and YMIR_* are set for you.',
  );
const value = z
  .string()
  .max(65_536)
  .regex(/^[^\0]*$/, 'Leave out the NUL character: no environment variable can hold it.');

export const createSecretBody = z.object({ key, value });
export type CreateSecretBody = z.infer<typeof createSecretBody>;
export const updateSecretBody = z.object({ key: key.optional(), value: value.optional() });
export type UpdateSecretBody = z.infer<typeof updateSecretBody>;

export const secretParams = z.object({ siteId: id.optional(), environmentId: id.optional(), secretId: id });
export type SecretParams = z.infer<typeof secretParams>;
