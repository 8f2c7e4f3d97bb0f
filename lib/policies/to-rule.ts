import type { Policy } from '#generated/prisma/client.ts';
import type { Blackout, MaintenanceWindow, PolicyRule } from './rule.ts';

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
