import { z } from 'zod';
import { environment } from './project.ts';

/** How a project stands, as its row in the overview shows it. */
export const standingKind = z.enum(['ok', 'two-work', 'running', 'waiting', 'unknown', 'failed', 'unprovable']);
export type StandingKind = z.infer<typeof standingKind>;

export const projectSummaryQuery = z.object({ q: z.string().trim().min(1).max(200).optional(), environment: environment.optional() });
export type ProjectSummaryQuery = z.infer<typeof projectSummaryQuery>;

const count = z.number().int();

export const projectSummary = z.object({
  total: count,
  /** The same projects by environment. */
  environments: z.object({ production: count, non_production: count }),
  /** Those in which a person has something to do: `needs_attention=true` of the list. */
  needs_attention: count,
  standings: z.record(standingKind, count),
  /** Logins whose working password is not known. */
  unknown: count,
  /** Those whose current password a login has proven. */
  proven: count,
  /** The ages of the passwords in whole days, youngest first: how many logins, and projects of at most three of them. `is_at_least`: not rotated here yet. */
  ages: z.array(z.object({ days: count, is_at_least: z.boolean(), logins: count, names: z.array(z.string()) })),
});
export type ProjectSummaryWire = z.infer<typeof projectSummary>;
export const projectSummaryAnswer = z.object({ summary: projectSummary });
