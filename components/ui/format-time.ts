/**
 * How times are written: 24 hours, seconds where something was proven, ages in days.
 * All take the reader's own zone unless one is given.
 */
export type TimeStyle =
  /** 14:02:11 */
  | 'second'
  /** 14:02:11.482 */
  | 'millisecond'
  /** 14:02:11 of today, 12 Nov 14:02:11, 12 Nov 2025 14:02:11 */
  | 'moment'
  /** 14:02 */
  | 'minute'
  /** today 06:00, yesterday 06:00, 12 Nov 06:00, 12 Nov 2025 */
  | 'day'
  /** 12 Nov */
  | 'date'
  /** 12 Nov 2026 14:02:11 */
  | 'full';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const DAY_MS = 86_400_000;

const two = (n: number): string => String(n).padStart(2, '0');

interface Parts {
  year: number;
  month: number;
  day: number;
  clock: string;
  seconds: string;
}

const formats = new Map<string | undefined, Intl.DateTimeFormat>();

/** Making a format costs more than using it, and pages draw their times each second. */
function formatFor(zone?: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(zone, made);
  return made;
}

function partsOf(at: Date, zone?: string): Parts {
  const found = Object.fromEntries(
    formatFor(zone)
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  );
  return {
    year: Number(found.year),
    month: Number(found.month),
    day: Number(found.day),
    clock: `${found.hour}:${found.minute}`,
    seconds: `${found.second}`,
  };
}

/** How many midnights lie between the two, in the reader's zone. */
function daysBetween(from: Parts, to: Parts): number {
  return Math.round((Date.UTC(to.year, to.month - 1, to.day) - Date.UTC(from.year, from.month - 1, from.day)) / DAY_MS);
}

export function formatTime(at: Date, style: TimeStyle, now: Date, zone?: string): string {
  const t = partsOf(at, zone);
  const second = `${t.clock}:${t.seconds}`;
  const date = `${t.day} ${MONTHS[t.month - 1]}`;
  if (style === 'second') return second;
  if (style === 'millisecond') return `${second}.${String(at.getUTCMilliseconds()).padStart(3, '0')}`;
  if (style === 'minute') return t.clock;
  if (style === 'date') return date;
  if (style === 'full') return `${date} ${t.year} ${second}`;
  const n = partsOf(now, zone);
  const days = daysBetween(t, n);
  if (style === 'moment' && days === 0) return second;
  if (style === 'moment') return t.year === n.year ? `${date} ${second}` : `${date} ${t.year} ${second}`;
  if (days === 0) return `today ${t.clock}`;
  if (days === 1) return `yesterday ${t.clock}`;
  return t.year === n.year ? `${date} ${t.clock}` : `${date} ${t.year}`;
}

/** The age of a password: "today", then whole days as "40 d". */
export function formatAge(at: Date, now: Date): string {
  const days = Math.floor((now.getTime() - at.getTime()) / DAY_MS);
  return days < 1 ? 'today' : `${days} d`;
}

/** How long ago, in one unit: "3 s", "4 min", "2 h", "3 d". Never below zero. */
export function formatSpan(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86_400)} d`;
}

/** A duration that was measured: "18 ms", "1.24 s", "1 m 04 s". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const s = Math.floor(ms / 1000);
  return `${Math.floor(s / 60)} m ${two(s % 60)} s`;
}
