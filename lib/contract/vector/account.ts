import { z } from 'zod';
import { id, time } from '#lib/contract/common.ts';
import { pageQuery } from './envelope.ts';

const counts = z.object({ total: z.number().int(), by_status: z.record(z.string(), z.number().int()) });
export const account = z.object({
  id,
  name: z.string(),
  slug: z.string(),
  abilities: z.array(z.string()),
  created_at: time,
  updated_at: time,
  account: z.object({ id, name: z.string() }),
  /** Of sites and environments, as their clients gave them. */
  domains: z.array(z.string()),
  sites: counts,
  environments: counts,
  total_sites: z.number().int(),
  total_environments: z.number().int(),
  production_environments: z.number().int(),
});
export type AccountWire = z.infer<typeof account>;

/** Whose login a request carries: a member's (`user`), or a key's (`token`). */
export const whoami = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string() }).nullable(),
  token: z.object({ name: z.string(), abilities: z.array(z.string()), expires_at: time.nullable(), last_used_at: time.nullable() }).nullable(),
  account: z.object({ id, name: z.string() }),
});
export type WhoamiWire = z.infer<typeof whoami>;

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

export const createVectorApiKeyBody = z.object({
  name: z.string().trim().min(1, 'Name the key after what uses it.').max(80),
  /** Left out or `*`: all that the maker may. One that is not known here is kept, and permits nothing. */
  abilities: z
    .array(z.string().trim().min(1).max(100))
    .max(100)
    .min(1, 'Choose one ability or more, or leave it out for all that you may.')
    .nullable()
    .optional(),
  expires_at: z.iso.datetime({ offset: true, message: 'Use a time such as 2027-01-31T00:00:00Z.' }).nullable().optional(),
});
export type CreateVectorApiKeyBody = z.infer<typeof createVectorApiKeyBody>;

export const vectorEvent = z.object({
  id,
  event: z.string(),
  /** The same as `event`; the documentation has both names. */
  type: z.string(),
  model_type: z.string(),
  model_id: z.string().nullable(),
  actor: z.object({
    type: z.enum(['user', 'api_key', 'system']),
    id: z.string().nullable(),
    name: z.string(),
    /** Empty where there is no address, as for Rekey's own acts: published clients fail on null and on nothing at all. */
    ip: z.string(),
    /** The name of the API key, or of the actor if there is none. */
    token_name: z.string(),
  }),
  resource: z.object({ type: z.string(), id: z.string().nullable() }),
  metadata: z.record(z.string(), z.unknown()),
  /** The same as `metadata`. */
  context: z.record(z.string(), z.unknown()),
  occurred_at: time,
  created_at: time,
});
export type VectorEventWire = z.infer<typeof vectorEvent>;

const MOMENT = 'Give a date such as 2026-03-01, or a time such as 2026-03-01T12:00:00Z.';
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: MOMENT });
export const vectorEventQuery = pageQuery.extend({
  /** One name, or several with commas between them. */
  event: z.string().max(1000).optional(),
  /** A name such as `vector.site.created`, several with commas, or a type of resource. */
  type: z.string().max(1000).optional(),
  resource_type: z.string().max(100).optional(),
  resource_id: z.string().max(100).optional(),
  from: moment.optional(),
  /** Inclusive: a date means the whole day, in UTC. */
  to: moment.optional(),
});
export type VectorEventQuery = z.infer<typeof vectorEventQuery>;
