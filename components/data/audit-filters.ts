import type { AuditFilter } from '#lib/contract/audit.ts';

export const PERIODS = { today: 'Today', '7d': 'Last 7 days', '30d': 'Last 30 days' } as const;
export type Period = keyof typeof PERIODS;
export type Outcome = NonNullable<AuditFilter['outcome']>;
export const OUTCOMES: Record<Outcome, string> = { needs_attention: 'needs attention', done: 'done', refused: 'refused', failed: 'failed', unknown: 'unknown' };

/** What the log is narrowed to, as it stands in the page's address. */
export interface AuditFilters {
  q: string;
  action: string;
  actor: string;
  project: string;
  outcome: Outcome | '';
  since: Period | '';
}

const KEYS = ['q', 'action', 'actor', 'project', 'outcome', 'since'] as const satisfies (keyof AuditFilters)[];

/** Reads them from an address; what is not understood is left out. */
export function readFilters(params: Pick<URLSearchParams, 'get'>): AuditFilters {
  const text = (key: keyof AuditFilters) => params.get(key) ?? '';
  const outcome = (Object.keys(OUTCOMES) as Outcome[]).find((one) => one === text('outcome')) ?? '';
  const since = (Object.keys(PERIODS) as Period[]).find((one) => one === text('since')) ?? '';
  return { q: text('q'), action: text('action'), actor: text('actor'), project: text('project'), outcome, since };
}

/** As the query of an address, with its question mark; empty where nothing is narrowed. */
export function addressOf(filters: AuditFilters): string {
  const params = new URLSearchParams(KEYS.filter((key) => filters[key] !== '').map((key) => [key, filters[key]]));
  return params.size > 0 ? `?${params}` : '';
}

const DAYS: Record<Exclude<Period, 'today'>, number> = { '7d': 7, '30d': 30 };

/** The beginning of a period: of the reader's own day, or so many days before it. */
export function beginningOf(period: Period, now: Date): Date {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  if (period !== 'today') day.setDate(day.getDate() - DAYS[period]);
  return day;
}

/** As the API is asked. */
export function queryOf({ since, ...filters }: AuditFilters, now: Date): URLSearchParams {
  const params = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== ''));
  if (since !== '') params.set('from', beginningOf(since, now).toISOString());
  return params;
}
