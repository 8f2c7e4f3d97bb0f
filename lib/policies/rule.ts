import { createHash } from 'node:crypto';

/** Days of the week as the API names them, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A maintenance window in local time, `HH:MM`. One whose `to` is not after its `from` ends on the next day; `24:00` is midnight. */
export interface MaintenanceWindow {
  days: Weekday[];
  from: string;
  to: string;
}

/** Local dates, `YYYY-MM-DD`, both included. */
export interface Blackout {
  from: string;
  to: string;
}

/** When the logins of a policy rotate: by age, or by a cron expression. */
export interface PolicyRule {
  maxAgeDays: number | null;
  /** Five fields, in `timeZone`. */
  cron: string | null;
  /** None: at any time. */
  windows: MaintenanceWindow[];
  /** An IANA name. */
  timeZone: string;
  blackouts: Blackout[];
  /** Whether logins start at different times of a window, so that a fleet does not rotate in one second. */
  spread: boolean;
}

/** A rotation to come. */
export interface Run {
  /** When it is requested. */
  at: Date;
  opensAt: Date;
  /** After this it does not start; null where the policy has no window. */
  closesAt: Date | null;
  /** A change of the clocks on the local dates of the window. `minutes`: how far they go forward, negative for back. */
  clockChange: { at: Date; minutes: number } | null;
}

export const DAY_MS = 86_400_000;

/** Where in its window a login starts, from 0 up to 1: always the same for the same login. */
export const shareOf = (seed: string): number => createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32;
