import { DAY_MS } from '#components/ui/format-time.ts';
import { listWords } from '#components/ui/words.ts';
import type { CreatePolicyBody, PolicyWire } from '#lib/contract/policy.ts';

export type Weekday = PolicyWire['windows'][number]['days'][number];

export const DAYS: readonly { day: Weekday; name: string; short: string }[] = [
  { day: 'mon', name: 'Monday', short: 'Mon' },
  { day: 'tue', name: 'Tuesday', short: 'Tue' },
  { day: 'wed', name: 'Wednesday', short: 'Wed' },
  { day: 'thu', name: 'Thursday', short: 'Thu' },
  { day: 'fri', name: 'Friday', short: 'Fri' },
  { day: 'sat', name: 'Saturday', short: 'Sat' },
  { day: 'sun', name: 'Sunday', short: 'Sun' },
];

function daysWords(days: readonly Weekday[]): string {
  const indexes = DAYS.flatMap(({ day }, index) => (days.includes(day) ? index : []));
  if (indexes.length === 7) return 'daily';
  if (indexes.join() === '0,1,2,3,4') return 'weekdays';
  return listWords(indexes.map((index) => DAYS[index]?.short ?? ''));
}

/** "Before 30 days, Sun 02:00–05:00 and Wed 22:00–01:00, Europe/Berlin". */
export function ruleWords({ max_age_days: age, cron, windows, time_zone: zone }: Pick<PolicyWire, 'max_age_days' | 'cron' | 'windows' | 'time_zone'>): string {
  const rule = age === null ? `Cron ${cron}` : `Before ${age === 1 ? '1 day' : `${age} days`}`;
  const times = windows.map(({ days, from, to }) => `${daysWords(days)} ${from}–${to}`);
  return `${rule}, ${times.length === 0 ? (age === null ? 'no window' : 'any time') : listWords(times)}, ${zone}`;
}

/** "env=production team!=payments". */
export const tagRuleText = (rule: PolicyWire['tag_rule']): string =>
  (rule ?? []).map(({ key, value, is_not: isNot }) => `${key}${isNot ? '!=' : '='}${value}`).join(' ');

/** The conditions of a rule as it is typed; null where there are none, undefined where a word is no condition. */
export function parseTagRule(text: string): PolicyWire['tag_rule'] | undefined {
  const words = text.split(/\s+/).filter(Boolean);
  const conditions = words.map((word) => /^([^=!]+)(!?=)(.+)$/.exec(word));
  if (conditions.some((one) => one === null)) return undefined;
  if (conditions.length === 0) return null;
  return conditions.map((one) => ({ key: one?.[1] ?? '', value: one?.[3] ?? '', is_not: one?.[2] === '!=' }));
}

/** "env=production team=shop". */
export const tagsText = (tags: Record<string, string>): string =>
  Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

/** The tags as they are typed; null where a word is none. */
export function parseTags(text: string): Record<string, string> | null {
  const rule = parseTagRule(text);
  if (rule === undefined || rule?.some(({ is_not: isNot }) => isNot)) return null;
  return Object.fromEntries((rule ?? []).map(({ key, value }) => [key, value]));
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hourCycle: 'h23', ...options });
  formats.set(key, known);
  return known;
}

export const clockIn = (zone: string, at: string): string => format(zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(at));

const partsIn = (zone: string, at: Date, options: Intl.DateTimeFormatOptions) =>
  Object.fromEntries(
    format(zone, options)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );

/** `YYYY-MM-DD` of the zone. */
export function dateIn(zone: string, at: string): string {
  const { year, month, day } = partsIn(zone, new Date(at), { year: 'numeric', month: '2-digit', day: '2-digit' });
  return `${year}-${month}-${day}`;
}

/** "Sun 6 Dec 2026", or without the year. */
export function dayWords(zone: string, at: string, withYear = false): string {
  const { weekday, day, month, year } = partsIn(zone, new Date(at), { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  return `${weekday} ${day} ${month?.slice(0, 3)}${withYear ? ` ${year}` : ''}`;
}

/** "in 12 days", "in 5 hours", "in 10 minutes", "now". */
export function untilWords(at: string, now: Date): string {
  const ms = Date.parse(at) - now.getTime();
  const count = (n: number, unit: string) => `in ${n} ${unit}${n === 1 ? '' : 's'}`;
  if (ms <= 60_000) return 'now';
  if (ms < 3_600_000) return count(Math.floor(ms / 60_000), 'minute');
  if (ms < 2 * DAY_MS) return count(Math.floor(ms / 3_600_000), 'hour');
  return count(Math.floor(ms / DAY_MS), 'day');
}

/** Whole days that a password is past its maximum age; null where it is not, or has none. */
export function overdueDays(dueAt: string | null, now: Date): number | null {
  if (dueAt === null) return null;
  const ms = now.getTime() - Date.parse(dueAt);
  return ms < 0 ? null : Math.floor(ms / DAY_MS);
}

type Draft = Omit<CreatePolicyBody, 'name'>;
const EMPTY: Draft = {
  max_age_days: 90,
  cron: null,
  windows: [],
  time_zone: 'UTC',
  blackouts: [],
  spread: true,
  close_sessions: false,
  grace_hours: null,
  run_when_back: false,
  tag_rule: null,
  is_default: false,
  notify: [],
};

/** What a new policy may start from. */
export const TEMPLATES: readonly { id: string; name: string; text: string; body: Draft }[] = [
  {
    id: 'quarterly',
    name: 'Quarterly',
    text: 'Before 90 days, Saturday 00:00–06:00',
    body: { ...EMPTY, windows: [{ days: ['sat'], from: '00:00', to: '06:00' }] },
  },
  {
    id: 'monthly',
    name: 'Monthly',
    text: 'Before 30 days, Sunday 02:00–05:00',
    body: { ...EMPTY, max_age_days: 30, windows: [{ days: ['sun'], from: '02:00', to: '05:00' }] },
  },
  {
    id: 'pci',
    name: 'PCI 90 days',
    text: 'Before 90 days, weekdays 04:00–06:00, sessions closed',
    body: { ...EMPTY, close_sessions: true, windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '04:00', to: '06:00' }] },
  },
  { id: 'nightly', name: 'Nightly', text: 'Cron 30 1 * * *, for CI and preview databases', body: { ...EMPTY, max_age_days: null, cron: '30 1 * * *' } },
];
