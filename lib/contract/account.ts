import { z } from 'zod';
import { id, nextCursor, time } from './common.ts';
import { SCOPES } from './scopes.ts';

export const organization = z.object({ id, name: z.string(), slug: z.string(), created_at: time, updated_at: time });
export const organizationAnswer = z.object({ organization });

export const me = z.object({
  organization,
  principal: z.object({
    auth_source: z.enum(['session', 'api_key']),
    organization_id: id,
    scopes: z.array(z.string()),
    user_id: z.string().optional(),
    email: z.string().optional(),
    role: z.enum(['owner', 'admin', 'operator', 'viewer']).optional(),
    /** The projects that a restricted member is held to. */
    project_ids: z.array(z.string()).optional(),
    is_admin: z.boolean(),
  }),
});
export type MeWire = z.infer<typeof me>;

export const status = z.object({
  service: z.literal('rekey'),
  status: z.enum(['ok', 'degraded']),
  components: z.array(
    z.object({
      name: z.string(),
      status: z.enum(['ok', 'degraded']),
      message: z.string().optional(),
      /** Of `worker`: how many are running; absent where the store does not say. */
      workers: z.number().int().optional(),
      /** Of `clocks`: the largest difference between a process's clock and the store's; positive: ahead. */
      skew_seconds: z.number().optional(),
    }),
  ),
  generated_at: time,
});
export type StatusWire = z.infer<typeof status>;

export const apiKey = z.object({
  id,
  organization_id: id,
  project_id: z.string().nullable(),
  name: z.string(),
  key_prefix: z.string(),
  scopes: z.array(z.string()),
  source: z.string(),
  device_name: z.string().nullable(),
  is_active: z.boolean(),
  created_by_user_id: z.string().nullable(),
  last_used_at: time.nullable(),
  /** Where that request came from. */
  last_used_address: z.string().nullable(),
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  /** The name of who revoked it. */
  revoked_by: z.string().nullable(),
  /** The key that took its place: this one ends at `expires_at`. */
  replaced_by_id: z.string().nullable(),
  created_at: time,
});
export type ApiKeyWire = z.infer<typeof apiKey>;
export const apiKeyList = z.object({ api_keys: z.array(apiKey), next_cursor: nextCursor });
export type ApiKeyListWire = z.infer<typeof apiKeyList>;
export const createApiKeyBody = z.strictObject({
  name: z.string().trim().min(1, 'Name the key after what uses it.').max(80),
  scopes: z.array(z.enum(SCOPES)).min(1, 'Choose one scope or more.'),
  project_id: id.nullable().optional(),
  expires_at: z.iso.datetime({ offset: true, message: 'Use a time such as 2027-01-31T00:00:00Z.' }).nullable().optional(),
});
/** What the API accepts: a scope that is not known here is kept, and permits nothing. */
export const sentApiKeyBody = createApiKeyBody.extend({
  scopes: z.array(z.string().trim().min(1).max(100)).min(1, 'Choose one scope or more.').max(100),
  /** The device that the key is for. */
  device_name: z.string().trim().max(200).nullable().optional(),
});
export type CreateApiKeyBody = z.infer<typeof sentApiKeyBody>;
export const DEFAULT_OVERLAP_HOURS = 24;
export const rotateApiKeyBody = z.strictObject({
  /** How long the former key goes on working; 0: it ends at once. */
  overlap_hours: z.number().int('Give whole hours.').min(0, 'Give 0 to 168 hours.').max(168, 'Give 0 to 168 hours.').default(DEFAULT_OVERLAP_HOURS),
});
export type RotateApiKeyBody = z.infer<typeof rotateApiKeyBody>;
export const apiKeyCreated = z.object({ api_key: apiKey, plaintext_api_key: z.string() });
export type ApiKeyCreatedWire = z.infer<typeof apiKeyCreated>;
