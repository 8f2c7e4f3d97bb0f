import { describe, expect, it } from 'vitest';
import { Calendar } from './calendar.ts';
import { nextRuns, Planner } from './next-runs.ts';
import { DAY_MS, type PolicyRule, WEEKDAYS, type Weekday } from './rule.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'];

const ruleOf = (rule: Partial<PolicyRule>): PolicyRule => ({
  maxAgeDays: rule.cron ? null : 30,
  cron: null,
  windows: [],
  timeZone: 'UTC',
  blackouts: [],
  spread: false,
  ...rule,
});
const every = (from: string, to: string, days: Weekday[] = [...WEEKDAYS]) => ({ days, from, to });

/** The wall clock of a zone, as Intl shows it: a second implementation, which shares nothing with the first. */
function wallClock(timeZone: string): (ms: number) => { date: string; day: Weekday; time: string } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (ms) => {
    const { year, month, day, weekday, hour, minute } = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const short = weekday?.slice(0, 3).toLowerCase();
    return { date: `${year}-${month}-${day}`, day: short as Weekday, time: `${hour}:${minute}` };
  };
}

/** Whether the wall clock stands inside a window of the rule. */
function judge(rule: PolicyRule): (ms: number) => boolean {
  const wall = wallClock(rule.timeZone);
  const before = (day: Weekday) => WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] as Weekday;
  return (ms) => {
    const { date, day, time } = wall(ms);
    if (rule.blackouts.some(({ from, to }) => from <= date && date <= to)) return false;
    return rule.windows.some(({ days, from, to }) =>
      to > from ? days.includes(day) && from <= time && time < to : (days.includes(day) && from <= time) || (days.includes(before(day)) && time < to),
    );
  };
}

const windowsBetween = (rule: PolicyRule, from: string, to: string): string[] => {
  const found: string[] = [];
  for (const { opens, closes } of new Calendar(rule, new Date(from)).windows()) {
    if (opens >= Date.parse(to)) break;
    if (opens >= Date.parse(from)) found.push(`${new Date(opens).toISOString().slice(0, 16)} ${new Date(closes).toISOString().slice(0, 16)}`);
  }
  return found;
};

describe('windows', () => {
  // Made by hand from the rules of each zone.
  it.each([
    ['Europe/Berlin', 'forward', '02:00', '05:00', '2026-03-29', '2026-03-29T01:00 2026-03-29T03:00'],
    ['Europe/Berlin', 'back', '02:00', '05:00', '2026-10-25', '2026-10-25T01:00 2026-10-25T04:00'],
    ['Europe/Berlin', 'back, ending in the repeated hour', '01:00', '02:30', '2026-10-25', '2026-10-24T23:00 2026-10-25T00:30'],
    ['Europe/Berlin', 'back, inside the repeated hour', '02:10', '02:40', '2026-10-25', '2026-10-25T01:10 2026-10-25T01:40'],
    ['America/New_York', 'forward', '02:00', '05:00', '2026-03-08', '2026-03-08T07:00 2026-03-08T09:00'],
    ['America/New_York', 'back', '01:00', '05:00', '2026-11-01', '2026-11-01T06:00 2026-11-01T10:00'],
    ['Australia/Lord_Howe', 'back by half an hour', '01:30', '04:00', '2026-04-05', '2026-04-04T15:00 2026-04-04T17:30'],
    ['Australia/Lord_Howe', 'forward by half an hour', '02:00', '04:00', '2026-10-04', '2026-10-03T15:30 2026-10-03T17:00'],
    ['UTC', 'a leap day', '02:00', '05:00', '2028-02-29', '2028-02-29T02:00 2028-02-29T05:00'],
    ['UTC', 'over midnight', '22:00', '01:00', '2026-06-03', '2026-06-03T22:00 2026-06-04T01:00'],
    ['UTC', 'until midnight', '22:00', '24:00', '2026-06-03', '2026-06-03T22:00 2026-06-04T00:00'],
  ])('in %s: %s, %s to %s on %s', (timeZone, _, from, to, date, expected) => {
    const rule = ruleOf({ timeZone, windows: [every(from, to)] });
    const around = windowsBetween(rule, new Date(Date.parse(date) - DAY_MS).toISOString(), new Date(Date.parse(date) + 2 * DAY_MS).toISOString());
    expect(around).toContain(expected);
  });

  it('has no window where the clocks skip all of it', () => {
    const rule = ruleOf({ timeZone: 'Australia/Lord_Howe', windows: [every('02:00', '02:30')] });
    expect(windowsBetween(rule, '2026-10-02T00:00Z', '2026-10-05T00:00Z')).toEqual(['2026-10-02T15:30 2026-10-02T16:00', '2026-10-04T15:00 2026-10-04T15:30']);
  });

  it('cuts blackout dates out of a window over midnight', () => {
    const rule = ruleOf({ windows: [every('22:00', '02:00')], blackouts: [{ from: '2026-12-24', to: '2026-12-25' }] });
    expect(windowsBetween(rule, '2026-12-22T12:00Z', '2026-12-26T12:00Z')).toEqual([
      '2026-12-22T22:00 2026-12-23T02:00',
      '2026-12-23T22:00 2026-12-24T00:00',
      '2026-12-26T00:00 2026-12-26T02:00',
    ]);
  });

  it.each(ZONES)('are open in %s only while the wall clock stands inside them, all year', (timeZone) => {
    const rule = ruleOf({
      timeZone,
      windows: [every('01:15', '02:20', ['sat', 'sun']), every('02:20', '04:00', ['sun', 'mon']), every('22:00', '01:00', ['wed', 'sat'])],
      blackouts: [{ from: '2026-06-10', to: '2026-06-20' }],
    });
    const isOpen = judge(rule);
    const from = Date.parse('2026-01-01T00:00Z');
    const windows = [...new Calendar(rule, new Date(from)).windows()].filter(({ opens }) => opens < from + 366 * DAY_MS);
    expect(windows.length).toBeGreaterThan(250);
    const missed: number[] = [];
    for (let ms = from; ms < from + 365 * DAY_MS; ms += 300_000) {
      const isOurs = windows.some(({ opens, closes }) => opens <= ms && ms < closes);
      if (isOurs !== isOpen(ms)) {
        // A window may open late, once a year: in the hour that the clocks repeat.
        expect(isOurs).toBe(false);
        missed.push(ms);
      }
    }
    expect(missed.length * 5).toBeLessThanOrEqual(60);
  });
});

describe('by age', () => {
  it('rotates in the last window before the password reaches the age', () => {
    const rule = ruleOf({ timeZone: 'Europe/Berlin', windows: [every('02:00', '05:00', ['sun']), every('22:00', '01:00', ['wed'])], maxAgeDays: 30 });
    const blackouts = [{ from: '2026-12-19', to: '2027-01-02' }];
    const runs = nextRuns({ ...rule, blackouts }, new Date('2026-11-24T12:00Z'), 5, { since: new Date('2026-11-08T01:14:00Z'), seed: 'shop' });
    expect(runs.map(({ at }) => at.toISOString())).toEqual([
      '2026-12-06T01:00:00.000Z',
      '2027-01-03T01:00:00.000Z',
      '2027-01-31T01:00:00.000Z',
      '2027-02-28T01:00:00.000Z',
      '2027-03-28T01:00:00.000Z',
    ]);
    expect(runs.map(({ clockChange }) => clockChange)).toEqual([null, null, null, null, { at: new Date('2027-03-28T01:00Z'), minutes: 60 }]);
    expect(runs[4]?.closesAt).toEqual(new Date('2027-03-28T03:00Z'));
  });

  it('rotates an overdue login in the window that is open, or the next one', () => {
    const rule = ruleOf({ windows: [every('02:00', '05:00', ['sun'])] });
    const since = new Date('2026-01-01T00:00Z');
    expect(nextRuns(rule, new Date('2026-06-06T12:00Z'), 1, { since, seed: '' })).toMatchObject([{ at: new Date('2026-06-07T02:00Z') }]);
    expect(nextRuns(rule, new Date('2026-06-07T04:30Z'), 1, { since, seed: '' })).toMatchObject([
      { at: new Date('2026-06-07T04:30Z'), closesAt: new Date('2026-06-07T05:00Z') },
    ]);
  });

  it('rotates a login once in a window, even where its age calls for more', () => {
    const rule = ruleOf({ windows: [every('02:00', '05:00', ['sun'])], maxAgeDays: 1 });
    const now = new Date('2026-06-07T02:30Z');
    expect(nextRuns(rule, now, 2, { since: now, seed: '' }).map(({ opensAt }) => opensAt)).toEqual([
      new Date('2026-06-14T02:00Z'),
      new Date('2026-06-21T02:00Z'),
    ]);
  });

  it('spreads logins over the window, each always at the same place', () => {
    const rule = ruleOf({ windows: [every('22:00', '01:00', ['wed'])], spread: true });
    const planner = new Planner(rule, new Date('2026-06-01T00:00Z'));
    const starts = Array.from({ length: 400 }, (_, i) => planner.nextRun({ since: new Date('2026-05-10T00:00Z'), seed: `dbs_${i}` })?.at.getTime() ?? 0);
    const hours = [22, 23, 24].map((hour) => starts.filter((at) => Math.floor((at - Date.parse('2026-06-03T00:00Z')) / 3_600_000) === hour).length);
    expect(Math.min(...hours)).toBeGreaterThan(80);
    expect(planner.nextRun({ since: new Date('2026-05-10T00:00Z'), seed: 'dbs_7' })?.at.getTime()).toBe(starts[7]);
  });

  it('without windows rotates before the age, and not on blackout dates', () => {
    const rule = ruleOf({ maxAgeDays: 10, blackouts: [{ from: '2026-06-09', to: '2026-06-12' }] });
    const since = new Date('2026-06-01T12:00Z');
    expect(nextRuns(rule, since, 1, { since, seed: '' })).toMatchObject([{ at: new Date('2026-06-08T23:59:59.999Z'), closesAt: null }]);
    expect(nextRuns(rule, new Date('2026-06-10T00:00Z'), 1, { since, seed: '' })).toMatchObject([{ at: new Date('2026-06-13T00:00Z') }]);
  });

  it('without windows spreads logins over the last day, and over less of a short age', () => {
    const since = new Date('2026-06-01T12:00Z');
    const startsOf = (maxAgeDays: number) =>
      Array.from({ length: 100 }, (_, i) => nextRuns(ruleOf({ maxAgeDays, spread: true }), since, 1, { since, seed: `dbs_${i}` })[0]?.at.getTime() ?? 0);
    for (const [age, hours] of [
      [180, 24],
      [1, 2.4],
    ] as const) {
      const ages = startsOf(age).map((at) => (at - since.getTime()) / 3_600_000);
      expect(Math.min(...ages)).toBeGreaterThanOrEqual(age * 24 - hours);
      expect(Math.max(...ages)).toBeLessThanOrEqual(age * 24);
      expect(Math.max(...ages) - Math.min(...ages)).toBeGreaterThan(hours / 2);
    }
  });

  it('leaves out windows that are taken by the other login of a pair', () => {
    const rule = ruleOf({ windows: [every('02:00', '05:00', ['sun'])] });
    const since = new Date('2026-05-10T02:00Z');
    const taken = new Set([Date.parse('2026-06-07T05:00Z')]);
    expect(nextRuns(rule, since, 1, { since, seed: '', taken })).toMatchObject([{ at: new Date('2026-05-31T02:00Z') }]);
  });

  it.each(ZONES)('never starts outside a window of %s, nor later than the age where a window allows it', (timeZone) => {
    const rule = ruleOf({ timeZone, windows: [every('01:00', '03:30', ['sun', 'thu'])], maxAgeDays: 20, spread: true });
    const isOpen = judge(rule);
    for (const seed of ['a', 'b', 'c']) {
      let { at: last } = { at: new Date('2026-01-03T00:00Z') };
      for (const run of nextRuns(rule, last, 40, { since: last, seed })) {
        expect(isOpen(run.at.getTime())).toBe(true);
        expect(run.at.getTime() - last.getTime()).toBeLessThanOrEqual(20 * DAY_MS);
        last = run.at;
      }
      expect(last.getTime()).toBeGreaterThan(Date.parse('2027-06-01T00:00Z'));
    }
  });
});

describe('by cron', () => {
  const runsOf = (rule: Partial<PolicyRule>, from: string, n: number) =>
    nextRuns(ruleOf(rule), new Date(from), n, { since: new Date(from), seed: '' }).map(({ at }) => at.toISOString().slice(0, 16));

  // Where the clocks skip the time, at the first moment after the gap; where they repeat it, once.
  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T12:00Z', ['2026-03-29T01:00', '2026-03-30T00:30']],
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['America/New_York', '30 2 * * *', '2026-03-07T12:00Z', ['2026-03-08T07:00', '2026-03-09T06:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31T12:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T12:00Z', ['2026-10-03T15:30', '2026-10-04T15:15']],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04T12:00Z', ['2026-04-04T14:45', '2026-04-05T15:15']],
    ['UTC', '0 0 29 2 *', '2026-03-01T00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
  ])('in %s: %s', (timeZone, cron, from, expected) => {
    expect(runsOf({ timeZone, cron }, from, 2)).toEqual(expected);
  });

  it.each(ZONES)('runs daily in %s when the wall clock says so, all year', (timeZone) => {
    const wall = wallClock(timeZone);
    const runs = runsOf({ timeZone, cron: '30 4 * * *' }, '2026-01-01T00:00Z', 365).map((at) => wall(Date.parse(`${at}Z`)));
    expect(new Set(runs.map(({ time }) => time))).toEqual(new Set(['04:30']));
    expect(new Set(runs.map(({ date }) => date)).size).toBe(365);
  });

  it('runs only where a window is open, and not on blackout dates', () => {
    const windows = [every('02:00', '05:00', ['sun'])];
    expect(runsOf({ cron: '*/20 * * * *', windows }, '2026-06-05T00:00Z', 2)).toEqual(['2026-06-07T02:00', '2026-06-14T02:00']);
    expect(runsOf({ cron: '0 1 * * *', windows }, '2026-06-05T00:00Z', 1)).toEqual([]);
    expect(runsOf({ cron: '0 1 * * *', blackouts: [{ from: '2026-06-06', to: '2026-06-08' }] }, '2026-06-05T02:00Z', 1)).toEqual(['2026-06-09T01:00']);
  });
});

it('may start inside a window, and late only outside blackout dates', () => {
  const rule = ruleOf({ windows: [every('02:00', '05:00', ['sun'])], blackouts: [{ from: '2026-06-10', to: '2026-06-10' }] });
  const planner = new Planner(rule, new Date('2026-06-07T00:00Z'));
  const may = (at: string, isLate?: boolean) => planner.mayStart(new Date(at), isLate);
  expect([may('2026-06-07T02:00Z'), may('2026-06-07T05:00Z'), may('2026-06-07T05:00Z', true), may('2026-06-10T05:00Z', true)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
