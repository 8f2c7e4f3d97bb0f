import { z } from 'zod';
import { id, tagKey, tagValue, time, timeZone } from './common.ts';

export const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Write the time as 02:00, in 24 hours.');
const closing = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'Write the time as 05:00, in 24 hours; 24:00 is midnight.');

/** A maintenance window in local time. Where `to` is not after `from` it ends on the next day. */
export const maintenanceWindow = z
  .strictObject({ days: z.array(weekday).min(1, 'Choose one day or more.').max(7), from: clock, to: closing })
  .refine(({ from, to }) => from !== to, 'A window needs an end that differs from its start; 00:00 to 24:00 is the whole day.');

/** Local dates, both included. */
const blackout = z
  .strictObject({ from: z.iso.date('Write the date as 2026-12-24.'), to: z.iso.date('Write the date as 2026-12-24.') })
  .refine(({ from, to }) => from <= to, 'The last date is before the first.');

const tagCondition = z.strictObject({ key: tagKey, value: tagValue, is_not: z.boolean().default(false) });

const fields = {
  name: z.string().trim().min(1, 'Give the policy a name.').max(80),
  /** Days after which a password must have been rotated. Either this or `cron`. */
  max_age_days: z.number().int().min(1).max(3650).nullable(),
  /** Five fields, read in `time_zone`. */
  cron: z.string().trim().min(1).max(120).nullable(),
  /** None: at any time. */
  windows: z.array(maintenanceWindow).max(50),
  time_zone: timeZone,
  blackouts: z.array(blackout).max(100),
  /** Whether logins start at different times of a window. */
  spread: z.boolean(),
  /** Whether sessions on the old password are closed after the change. */
  close_sessions: z.boolean(),
  /** How long the old password stays valid, where the server can keep two. */
  grace_hours: z.number().int().min(0).max(720).nullable(),
  /** Whether a run that missed its window starts as soon as a worker is back, instead of in the next window. */
  run_when_back: z.boolean(),
  /** Applies to projects whose tags meet all of these; null: to none. */
  tag_rule: z.array(tagCondition).min(1).max(20).nullable(),
  /** Applies to logins that no other policy applies to. */
  is_default: z.boolean(),
  /** Members who are notified by e-mail of what happens to its logins, whatever they chose for themselves. */
  notify: z.array(id).max(50),
};

export const policy = z.object({
  id,
  organization_id: id,
  ...fields,
  paused_at: time.nullable(),
  paused_by: z.string().nullable(),
  /** Logins it applies to. */
  logins: z.number().int(),
  /** Of them, those whose password is older than `max_age_days`. */
  overdue: z.number().int(),
  next_run_at: time.nullable(),
  /** The last window in which logins did not start, and how many. */
  missed: z.object({ closed_at: time, logins: z.number().int() }).nullable(),
  /** Its rotations of the day of the latest one. */
  last_run: z
    .object({ started_at: time, ended_at: time.nullable(), total: z.number().int(), completed: z.number().int(), failed: z.number().int() })
    .nullable(),
  created_at: time,
  updated_at: time,
});
export type PolicyWire = z.infer<typeof policy>;
export const policyAnswer = z.object({ policy });
export const policyList = z.object({
  policies: z.array(policy),
  /** Logins of the organization, and those that no policy applies to. */
  logins: z.number().int(),
  without_policy: z.number().int(),
});
export type PolicyListWire = z.infer<typeof policyList>;

export const createPolicyBody = z.strictObject({
  name: fields.name,
  max_age_days: fields.max_age_days.default(null),
  cron: fields.cron.default(null),
  windows: fields.windows.default([]),
  time_zone: fields.time_zone.default('UTC'),
  blackouts: fields.blackouts.default([]),
  spread: fields.spread.default(true),
  close_sessions: fields.close_sessions.default(false),
  grace_hours: fields.grace_hours.default(null),
  run_when_back: fields.run_when_back.default(false),
  tag_rule: fields.tag_rule.default(null),
  is_default: fields.is_default.default(false),
  notify: fields.notify.default([]),
});
export type CreatePolicyBody = z.infer<typeof createPolicyBody>;

export const updatePolicyBody = z.strictObject({ ...fields, paused: z.boolean() }).partial();
export type UpdatePolicyBody = z.infer<typeof updatePolicyBody>;

export const policyParams = z.object({ organizationId: id, policyId: id });

export const policyPreviewBody = z.strictObject({
  max_age_days: fields.max_age_days.default(null),
  cron: fields.cron.default(null),
  windows: fields.windows.default([]),
  time_zone: fields.time_zone.default('UTC'),
  blackouts: fields.blackouts.default([]),
  /** Since when the password is in use; now, if it is left out. */
  since: time.optional(),
  /** Counts the projects that a tag rule matches. */
  tag_rule: fields.tag_rule.default(null),
});
export type PolicyPreviewBody = z.infer<typeof policyPreviewBody>;

export const policyRun = z.object({
  opens_at: time,
  /** Null where the policy has no window. */
  closes_at: time.nullable(),
  /** Of the password, at that moment. */
  age_days: z.number().int(),
  /** The clocks change on that date: how far they go forward, negative for back. */
  clock_change: z.object({ at: time, minutes: z.number().int() }).nullable(),
});
export type PolicyRunWire = z.infer<typeof policyRun>;
export const policyPreview = z.object({
  /** The next five runs. */
  runs: z.array(policyRun),
  /** Number of logins with a project that the tag rule matches; null without a tag rule. */
  matches: z.number().int().nullable(),
});
export type PolicyPreviewWire = z.infer<typeof policyPreview>;

/** The policy that applies to a project, and its next run. */
export const projectPolicy = z.object({
  id,
  name: z.string(),
  /** `project`: it was set on the project. */
  source: z.enum(['project', 'tag', 'default']),
  time_zone: z.string(),
  next_run_at: time.nullable(),
  /** The window of the next run; `closes_at` is null where the policy has none. */
  opens_at: time.nullable(),
  closes_at: time.nullable(),
  /** When the password reaches its maximum age. */
  due_at: time.nullable(),
  /** The end of the last window that was missed since the password changed. */
  missed_at: time.nullable(),
  /** Rotations of the policy that failed since then. */
  failures: z.number().int(),
  is_paused: z.boolean(),
});
export type ProjectPolicyWire = z.infer<typeof projectPolicy>;

export const setProjectPolicyBody = z.strictObject({
  /** Null: what a tag rule or the organization's default says. */
  policy_id: id.nullable(),
});
export type SetProjectPolicyBody = z.infer<typeof setProjectPolicyBody>;
export const projectPolicyAnswer = z.object({
  policy: projectPolicy.nullable(),
  /** The next five runs. */
  runs: z.array(policyRun),
  /** Projects with the same tag `pair`: they never rotate in the same window. */
  pair: z.array(z.object({ id, name: z.string() })),
});
export type ProjectPolicyAnswer = z.infer<typeof projectPolicyAnswer>;
