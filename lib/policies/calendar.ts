import { Temporal } from 'temporal-polyfill';
import { type PolicyRule, WEEKDAYS } from './rule.ts';

/** From `opens` up to `closes`, in ms since 1970. */
export interface Interval {
  opens: number;
  closes: number;
}

/** Far enough for every policy: windows come at least weekly, and blackouts end. */
const HORIZON_DAYS = 1_200;

/**
 * The instants at which a local time begins. The clocks going back make it happen twice; going forward may skip it, and
 * then the first instant after the gap counts.
 */
function instantsOf(local: Temporal.PlainDateTime, zone: string): { first: number; last: number } {
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (first.toPlainDateTime().equals(local))
    return { first: first.epochMilliseconds, last: local.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds };
  const gap = first.getTimeZoneTransition('next')?.epochMilliseconds ?? first.epochMilliseconds;
  return { first: gap, last: gap };
}

/** `HH:MM` of a date; `24:00` is the midnight that ends it. */
const at = (date: Temporal.PlainDate, time: string): Temporal.PlainDateTime =>
  time === '24:00' ? date.add({ days: 1 }).toPlainDateTime() : date.toPlainDateTime(Temporal.PlainTime.from(time));

/**
 * A window that opens on `date`, inside the local times it names whatever the clocks do: where its start happens twice it
 * opens the second time, where its end does it closes the first. Null where the clocks skip all of it.
 */
function windowOn(date: Temporal.PlainDate, { from, to }: { from: string; to: string }, zone: string): Interval | null {
  const opens = instantsOf(at(date, from), zone).last;
  const end = instantsOf(at(to > from ? date : date.add({ days: 1 }), to), zone);
  const closes = end.first > opens ? end.first : end.last;
  return closes > opens ? { opens, closes } : null;
}

const subtract = (open: Interval, { opens, closes }: Interval): Interval[] =>
  [
    { opens: open.opens, closes: Math.min(open.closes, opens) },
    { opens: Math.max(open.opens, closes), closes: open.closes },
  ].filter((one) => one.closes > one.opens);

/** The local days of a policy: its windows and blackouts as instants. */
export class Calendar {
  readonly #rule: PolicyRule;
  readonly #blackouts: Interval[];
  /** Windows in order of time, found so far. */
  readonly #windows: Interval[] = [];
  #next: Temporal.PlainDate;
  readonly #end: Temporal.PlainDate;

  constructor(rule: PolicyRule, from: Date) {
    this.#rule = rule;
    const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(rule.timeZone).epochMilliseconds;
    this.#blackouts = rule.blackouts
      .map((dates) => ({ opens: startOf(Temporal.PlainDate.from(dates.from)), closes: startOf(Temporal.PlainDate.from(dates.to).add({ days: 1 })) }))
      .sort((a, b) => a.opens - b.opens);
    // A window of the day before may be open over midnight.
    this.#next = this.dateOf(from.getTime()).subtract({ days: 1 });
    this.#end = this.#next.add({ days: HORIZON_DAYS });
  }

  dateOf(ms: number): Temporal.PlainDate {
    return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.#rule.timeZone).toPlainDate();
  }

  /** The blackout that this instant falls into. */
  blackoutAt(ms: number): Interval | undefined {
    return this.#blackouts.find(({ opens, closes }) => opens <= ms && ms < closes);
  }

  /** When the next blackout begins; infinity where none does. */
  blackoutAfter(ms: number): number {
    return this.#blackouts.find(({ opens }) => opens > ms)?.opens ?? Number.POSITIVE_INFINITY;
  }

  /** The windows without their blackout dates, in order of time, beginning with those of the day before `from`. */
  *windows(): Generator<Interval> {
    for (let i = 0; ; i++) {
      while (i >= this.#windows.length) {
        if (Temporal.PlainDate.compare(this.#next, this.#end) >= 0) return;
        this.#windows.push(...this.#windowsOn(this.#next));
        this.#next = this.#next.add({ days: 1 });
      }
      yield this.#windows[i] as Interval;
    }
  }

  #windowsOn(date: Temporal.PlainDate): Interval[] {
    const day = WEEKDAYS[date.dayOfWeek - 1] ?? 'mon';
    return this.#rule.windows
      .filter(({ days }) => days.includes(day))
      .flatMap((window) => windowOn(date, window, this.#rule.timeZone) ?? [])
      .flatMap((window) => this.#blackouts.reduce((open, blackout) => open.flatMap((one) => subtract(one, blackout)), [window]))
      .sort((a, b) => a.opens - b.opens);
  }

  /** The window that is open at this instant; undefined where none is. */
  windowAt(ms: number): Interval | undefined {
    for (const window of this.windows()) {
      if (window.opens > ms) return undefined;
      if (ms < window.closes) return window;
    }
    return undefined;
  }

  /** The first window that opens at this instant or later. */
  windowFrom(ms: number): Interval | undefined {
    for (const window of this.windows()) if (window.opens >= ms) return window;
    return undefined;
  }

  /** The first change of the clocks on the local dates from `opens` to `closes`. */
  clockChange(opens: number, closes: number): { at: Date; minutes: number } | null {
    const zone = this.#rule.timeZone;
    const start = this.dateOf(opens).toZonedDateTime(zone);
    // A moment before the date begins: clocks may change at midnight.
    const change = start.subtract({ milliseconds: 1 }).getTimeZoneTransition('next');
    const end = this.dateOf(closes - 1)
      .add({ days: 1 })
      .toZonedDateTime(zone);
    if (!change || Temporal.ZonedDateTime.compare(change, end) >= 0) return null;
    const minutes = (change.offsetNanoseconds - change.subtract({ nanoseconds: 1 }).offsetNanoseconds) / 60e9;
    return minutes === 0 ? null : { at: new Date(change.epochMilliseconds), minutes };
  }
}
