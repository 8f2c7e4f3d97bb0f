import { Cron } from 'croner';
import { Calendar, type Interval } from './calendar.ts';
import { DAY_MS, type PolicyRule, type Run, shareOf } from './rule.ts';

/** How many next runs people are shown. */
export const UPCOMING = 5;

/** A run by cron without a window starts within an hour, or counts as missed. */
const CRON_WINDOW_MS = 3_600_000;
/** Of a window: logins start in its first nine tenths, so that the last ones have time to finish. */
const STARTABLE = 0.9;
/** Of its maximum age: without windows, a login rotates in the last tenth before it, and in the last day at most. */
const LAST_SHARE = 0.1;

/** The login whose runs are asked for. */
export interface Planned {
  /** Since when its password is in use. */
  since: Date;
  /** What its place in a window depends on, such as its id. */
  seed: string;
  /** Ends of windows that are not for it, in ms since 1970. */
  taken?: ReadonlySet<number>;
}

/** Plans many logins by one rule, from one moment on. */
export class Planner {
  readonly #rule: PolicyRule;
  readonly #from: number;
  readonly #calendar: Calendar;
  readonly #cron: Cron | null;

  /** @throws where the time zone, the cron expression or a date is none */
  constructor(rule: PolicyRule, from: Date) {
    this.#rule = rule;
    this.#from = from.getTime();
    this.#calendar = new Calendar(rule, from);
    this.#cron = rule.cron === null ? null : new Cron(rule.cron, { timezone: rule.timeZone, paused: true, mode: '5-part' });
  }

  /** The next run of a login; null where the rule has none within three years. */
  nextRun({ since, seed, taken }: Planned): Run | null {
    const share = this.#rule.spread ? shareOf(seed) : 0;
    const found = this.#cron ? this.#byCron(this.#cron, since.getTime(), share, taken) : this.#byAge(since.getTime(), share, taken);
    if (!found) return null;
    const { at, opens, closes } = found;
    return {
      at: new Date(at),
      opensAt: new Date(opens),
      closesAt: closes === null ? null : new Date(closes),
      clockChange: this.#calendar.clockChange(opens, closes ?? at + 1),
    };
  }

  /** Whether a rotation may start at this moment; where the policy runs late, blackout dates alone forbid it. */
  mayStart(now: Date, isLate = false): boolean {
    const ms = now.getTime();
    if (this.#calendar.blackoutAt(ms)) return false;
    return isLate || this.#rule.windows.length === 0 || this.#calendar.windowAt(ms) !== undefined;
  }

  #place({ opens, closes }: Interval, share: number) {
    return { at: Math.floor((opens + share * STARTABLE * (closes - opens)) / 1000) * 1000, opens, closes };
  }

  #byCron(cron: Cron, since: number, share: number, taken?: ReadonlySet<number>) {
    let after = Math.max(this.#from, since);
    for (;;) {
      const next = cron.nextRun(new Date(after))?.getTime();
      if (next === undefined) return null;
      const window = this.#windowOfCron(next);
      if (window && !taken?.has(window.closes)) return this.#place(window, share);
      const later = window ? window.closes : this.#nextOpening(next);
      if (later === undefined) return null;
      after = Math.max(next, later - 1);
    }
  }

  #windowOfCron(occurrence: number): Interval | undefined {
    if (this.#rule.windows.length > 0) {
      const window = this.#calendar.windowAt(occurrence);
      return window && { opens: occurrence, closes: window.closes };
    }
    if (this.#calendar.blackoutAt(occurrence)) return undefined;
    return { opens: occurrence, closes: Math.min(occurrence + CRON_WINDOW_MS, this.#calendar.blackoutAfter(occurrence)) };
  }

  #nextOpening(ms: number): number | undefined {
    return this.#rule.windows.length > 0 ? this.#calendar.windowFrom(ms)?.opens : this.#calendar.blackoutAt(ms)?.closes;
  }

  #byAge(since: number, share: number, taken?: ReadonlySet<number>) {
    const ageMs = (this.#rule.maxAgeDays ?? 0) * DAY_MS;
    const due = since + ageMs;
    if (this.#rule.windows.length === 0) return this.#atAnyTime(since, due, Math.round(share * Math.min(DAY_MS, ageMs * LAST_SHARE)));
    let last = null;
    for (const window of this.#calendar.windows()) {
      // A login rotates once in a window: one that has rotated in it waits for the next.
      if (window.closes <= this.#from || window.opens <= since || taken?.has(window.closes)) continue;
      const placed = this.#place(window, share);
      if (placed.at < this.#from) placed.at = this.#from;
      if (placed.at > due) return last ?? placed;
      last = placed;
    }
    return last;
  }

  /** Before `due`, or now where that has passed; not in a blackout: before it, or where that is no longer possible after it. */
  #atAnyTime(since: number, due: number, earlier: number) {
    const earliest = Math.max(this.#from, since + 1);
    let at = Math.max(due - earlier, earliest);
    for (let blackout = this.#calendar.blackoutAt(at); blackout; blackout = this.#calendar.blackoutAt(at)) {
      const before = blackout.opens - 1 - earlier;
      at = before >= earliest && !this.#calendar.blackoutAt(before) ? before : blackout.closes + earlier;
    }
    return { at, opens: at, closes: null };
  }
}

/**
 * The next `n` runs of a login from a moment on, each as if the one before had happened when it was planned. Pure: the
 * same question has the same answer on every machine.
 * @throws where the time zone, the cron expression or a date of the rule is none
 */
export function nextRuns(rule: PolicyRule, from: Date, n: number, { since, seed, taken }: Planned): Run[] {
  const runs: Run[] = [];
  let last = { since, from };
  while (runs.length < n) {
    const run = new Planner(rule, last.from).nextRun({ since: last.since, seed, ...(taken && { taken }) });
    if (!run) break;
    runs.push(run);
    // The next one is of a later window.
    last = { since: run.at, from: run.closesAt ?? run.at };
  }
  return runs;
}
