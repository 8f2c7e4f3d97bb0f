import { z } from 'zod';
import { ENGINE_NAMES, type EngineName } from '#lib/contract/engines/engines.ts';
import { id, listQuery, nextCursor, time } from './common.ts';
import { rotateBody } from './job.ts';
import { projectSelection } from './project-list.ts';

const count = z.number().int();

export const campaignState = z.enum(['running', 'paused', 'stopped', 'completed', 'aborted']);

/** How many logins stand how. `in_doubt`: the rotation needs attention, and which password works is not known. */
const progress = { total: count, rotated: count, failed: count, skipped: count, running: count, in_doubt: count, waiting: count };
export type ProgressWire = z.infer<z.ZodObject<typeof progress>>;

/** How a campaign goes on, as it was started. */
const order = {
  /** Logins of the first wave. Any failure among them stops the campaign. */
  canary: z.number().int().min(0).max(1_000),
  /** Shares of all logins in percent, one for each wave after the canary. What is left is the last wave. */
  waves: z
    .array(z.number().int().min(1).max(100))
    .max(20)
    .refine((shares) => shares.reduce((sum, share) => sum + share, 0) <= 100, 'The shares add up to more than 100 percent.'),
  /** Rotations in progress at once, in all and on each server. */
  at_once: z.number().int().min(1).max(200),
  at_once_per_server: z.number().int().min(1).max(50),
  /** Stops when so many rotations failed or need attention; null: at no number. */
  stop_failures: z.number().int().min(1).max(100_000).nullable(),
  /** The same as a share of all logins in percent. */
  stop_share: z.number().int().min(1).max(100).nullable(),
};

export const campaign = z.object({
  id,
  organization_id: id,
  name: z.string(),
  state: campaignState,
  /** Why it is stopped. */
  stopped_because: z.enum(['canary_failed', 'too_many_failures']).nullable(),
  reason: rotateBody.shape.reason.unwrap().nullable(),
  note: z.string().nullable(),
  close_sessions: z.boolean(),
  ...order,
  /** The wave in progress: 0 is the canary. */
  wave: count,
  /** The number of the last wave. */
  last_wave: count,
  progress: z.object(progress),
  /** Consumers that still hold an earlier password after their login was rotated. */
  consumers_waiting: count,
  started_by: z.string(),
  /** Who paused, resumed, retried or aborted it, last. */
  changed_by: z.string().nullable(),
  created_at: time,
  updated_at: time,
  /** When it was completed or aborted and its last rotation had ended. */
  finished_at: time.nullable(),
});
export type CampaignWire = z.infer<typeof campaign>;
export const campaignAnswer = z.object({ campaign });
export const campaignList = z.object({ campaigns: z.array(campaign), next_cursor: nextCursor });
export type CampaignListWire = z.infer<typeof campaignList>;

export const campaignQuery = listQuery.extend({
  /** `active`: running, paused or stopped; `ended`: completed or aborted. */
  state: z.enum(['active', 'ended']).optional(),
});
export type CampaignQuery = z.infer<typeof campaignQuery>;

export const startCampaignBody = z.strictObject({
  name: z.string().trim().min(1, 'Give the campaign a name.').max(80),
  ...projectSelection,
  /** The number of logins that were confirmed: a selection that has grown or shrunk since is refused. */
  expected_logins: z.number().int().min(1).optional(),
  reason: rotateBody.shape.reason,
  note: rotateBody.shape.note,
  close_sessions: z.boolean().default(false),
  canary: order.canary.default(5),
  waves: order.waves.default([10, 25]),
  at_once: order.at_once.default(24),
  at_once_per_server: order.at_once_per_server.default(8),
  stop_failures: order.stop_failures.default(20),
  stop_share: order.stop_share.default(null),
});
export type StartCampaignBody = z.infer<typeof startCampaignBody>;

export const previewCampaignBody = z.strictObject(projectSelection);
/** What a selection matches now. */
export const campaignPreview = z.object({
  projects: count,
  /** Logins that would be rotated: several projects may use one. */
  logins: count,
  servers: count,
  engines: z.object(Object.fromEntries(ENGINE_NAMES.map((name) => [name, count])) as Record<EngineName, typeof count>),
  /** Projects in production. */
  production: count,
  /** Integrations, which are updated automatically, and manual consumers. */
  consumers: z.object({ automatic: count, manual: count }),
  /** Logins that are left out, as their password is not known or was never proven. */
  left_out: count,
});
export type CampaignPreviewWire = z.infer<typeof campaignPreview>;

export const campaignParams = z.object({ campaignId: id });

export const campaignLoginState = z.enum(['waiting', 'running', 'in_doubt', 'rotated', 'failed', 'skipped']);
export type CampaignLoginState = z.infer<typeof campaignLoginState>;
export const campaignLogin = z.object({
  database_id: id,
  project_id: id,
  project_name: z.string(),
  role_name: z.string(),
  host: z.string().nullable(),
  wave: count,
  state: campaignLoginState,
  /** Why it failed or was skipped. */
  error_code: z.string().nullable(),
  /** Its rotation, the last one after a retry. */
  job_id: z.string().nullable(),
  attempts: count,
  started_at: time.nullable(),
  ended_at: time.nullable(),
});
export const campaignLoginQuery = z.object({
  state: campaignLoginState.optional(),
  wave: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
  cursor: z.string().min(1).max(200).optional(),
});
export type CampaignLoginQuery = z.infer<typeof campaignLoginQuery>;
export const campaignLoginList = z.object({ logins: z.array(campaignLogin), next_cursor: nextCursor });
export type CampaignLoginListWire = z.infer<typeof campaignLoginList>;

/** A campaign with its progress in detail. */
export const campaignDetails = z.object({
  campaign,
  stages: z.array(
    z.object({
      wave: count,
      ...progress,
      /** When the last of its rotations ended; null before. */
      ended_at: time.nullable(),
      /** One letter for each login in order: `r` rotated, `p` in progress, `d` in doubt, `f` failed, `s` skipped, `w` waiting. */
      marks: z.string(),
    }),
  ),
  servers: z.array(z.object({ server_id: id, host: z.string(), running: count, waiting: count })),
  /** Consumers that still hold an earlier password: the first 100. */
  consumers: z.array(
    z.object({
      project_id: id,
      project_name: z.string(),
      name: z.string(),
      /** Null where an integration updates it. */
      owner: z.string().nullable(),
      is_manual: z.boolean(),
      job_id: id,
    }),
  ),
});
export type CampaignDetailsWire = z.infer<typeof campaignDetails>;
