import { z } from 'zod';
import { SCOPES } from '#lib/context.ts';
import { id, time } from '#lib/http/wire/common.ts';
import { pageQuery } from './envelope.ts';

export const account = z.object({ id, name: z.string(), slug: z.string(), abilities: z.array(z.string()), created_at: time, updated_at: time });
export type AccountWire = z.infer<typeof account>;

export const vectorApiKey = z.object({
  id,
  name: z.string(),
  abilities: z.array(z.string()),
  last_used_at: time.nullable(),
  expires_at: time.nullable(),
  created_at: time,
});
export type VectorApiKeyWire = z.infer<typeof vectorApiKey>;
/** The key itself is in the answer to its making alone. */
export const vectorApiKeyCreated = vectorApiKey.extend({ token: z.string() });
export type VectorApiKeyCreatedWire = z.infer<typeof vectorApiKeyCreated>;

export const createVectorApiKeyBody = z.strictObject({
  name: z.string().trim().min(1, 'Name the key after what uses it.').max(80),
  /** Left out or `*`: all that the maker may. */
  abilities: z
    .array(z.enum([...SCOPES, '*']))
    .min(1, 'Choose one ability or more, or leave it out for all that you may.')
    .nullable()
    .optional(),
  expires_at: z.iso.datetime({ offset: true, message: 'Give a time such as 2027-01-31T00:00:00Z.' }).nullable().optional(),
});
export type CreateVectorApiKeyBody = z.infer<typeof createVectorApiKeyBody>;

export const vectorEvent = z.object({
  id,
  event: z.string(),
  type: z.string(),
  model_type: z.string(),
  model_id: z.string().nullable(),
  actor: z.object({
    type: z.enum(['user', 'api_key', 'system']),
    id: z.string().nullable(),
    name: z.string(),
    ip: z.string().nullable(),
    /** Of an API key. */
    token_name: z.string().nullable(),
  }),
  resource: z.object({ type: z.string(), id: z.string().nullable() }),
  metadata: z.record(z.string(), z.unknown()),
  occurred_at: time,
});
export type VectorEventWire = z.infer<typeof vectorEvent>;

const moment = z.iso.datetime({ offset: true, message: 'Give a time such as 2026-03-01T12:00:00Z.' });
export const vectorEventQuery = pageQuery.extend({
  event: z.string().max(100).optional(),
  type: z.string().max(100).optional(),
  resource_type: z.string().max(100).optional(),
  resource_id: z.string().max(100).optional(),
  from: moment.optional(),
  /** Exclusive. */
  to: moment.optional(),
});
export type VectorEventQuery = z.infer<typeof vectorEventQuery>;
