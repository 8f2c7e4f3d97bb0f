import { type Policy, Prisma } from '#generated/prisma/client.ts';
import type { CreatePolicyBody } from '#lib/contract/policy.ts';
import type { Blackout, MaintenanceWindow, PolicyRule } from './rule.ts';

/** The columns of the fields that are given. */
export const policyColumns = (body: Partial<CreatePolicyBody>) => ({
  ...(body.name !== undefined && { name: body.name }),
  ...(body.max_age_days !== undefined && { maxAgeDays: body.max_age_days }),
  ...(body.cron !== undefined && { cron: body.cron }),
  ...(body.windows !== undefined && { windows: body.windows }),
  ...(body.time_zone !== undefined && { timeZone: body.time_zone }),
  ...(body.blackouts !== undefined && { blackouts: body.blackouts }),
  ...(body.spread !== undefined && { spread: body.spread }),
  ...(body.close_sessions !== undefined && { closeSessions: body.close_sessions }),
  ...(body.grace_hours !== undefined && { graceHours: body.grace_hours }),
  ...(body.run_when_back !== undefined && { runWhenBack: body.run_when_back }),
  ...(body.tag_rule !== undefined && { tagRule: body.tag_rule ?? Prisma.DbNull }),
  ...(body.is_default !== undefined && { isDefault: body.is_default }),
  ...(body.notify !== undefined && { notifyUserIds: [...new Set(body.notify)] }),
});

/** The rule that a body describes. */
export const ruleOf = (body: Pick<CreatePolicyBody, 'max_age_days' | 'cron' | 'windows' | 'time_zone' | 'blackouts'>, spread = false): PolicyRule => ({
  maxAgeDays: body.max_age_days,
  cron: body.cron,
  windows: body.windows,
  timeZone: body.time_zone,
  blackouts: body.blackouts,
  spread,
});

/** The rule of a stored policy. */
export const toRule = ({
  maxAgeDays,
  cron,
  windows,
  timeZone,
  blackouts,
  spread,
}: Pick<Policy, 'maxAgeDays' | 'cron' | 'windows' | 'timeZone' | 'blackouts' | 'spread'>): PolicyRule => ({
  maxAgeDays,
  cron,
  windows: windows as unknown as MaintenanceWindow[],
  timeZone,
  blackouts: blackouts as unknown as Blackout[],
  spread,
});
