import { Cron } from 'croner';
import { storeTime } from '#lib/kernel/clock.ts';
import { invalidField } from '#lib/kernel/errors.ts';
import { Planner } from './next-runs.ts';
import { type MaintenanceWindow, type PolicyRule, WEEKDAYS } from './rule.ts';

const DAY = 1_440;
const WEEK = 7 * DAY;
const HOUR_MS = 3_600_000;

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Refuses windows that overlap: which one a login has its place in would be unclear. */
function checkWindows(windows: MaintenanceWindow[]): void {
  const spans = windows.flatMap(({ days, from, to }) =>
    [...new Set(days)].map((day) => {
      const opens = WEEKDAYS.indexOf(day) * DAY + minutes(from);
      return { opens, closes: opens + ((minutes(to) - minutes(from) + DAY) % DAY || DAY), day };
    }),
  );
  spans.sort((a, b) => a.opens - b.opens);
  spans.forEach((span, i) => {
    const next = spans[i + 1] ?? { ...spans[0], opens: (spans[0]?.opens ?? 0) + WEEK };
    if (spans.length > 1 && next.opens < span.closes)
      throw invalidField('windows', `Windows overlap on ${span.day}. Merge them, or move one. Nothing was changed.`);
  });
}

function checkCron(rule: PolicyRule, expression: string): void {
  let next: Date[];
  try {
    next = new Cron(expression, { timezone: rule.timeZone, paused: true, mode: '5-part' }).nextRuns(25, storeTime());
  } catch {
    throw invalidField('cron', 'Write five fields: minute, hour, day of month, month, day of week, such as 30 1 * * *. Nothing was changed.');
  }
  if (next.length === 0) throw invalidField('cron', 'This expression names a date that never comes. Nothing was changed.');
  if (next.some((at, i) => at.getTime() - (next[i - 1]?.getTime() ?? Number.NEGATIVE_INFINITY) < HOUR_MS))
    throw invalidField('cron', 'A policy rotates at most hourly. Choose an expression with one time or less in each hour. Nothing was changed.');
}

/**
 * Refuses a rule that says nothing, or two things, or leads to no run.
 * @throws {DomainError} validation_failed naming the field
 */
export function checkRule(rule: PolicyRule): void {
  if (rule.maxAgeDays === null && rule.cron === null)
    throw invalidField('max_age_days', 'Give a maximum age in days, or a cron expression. Nothing was changed.');
  if (rule.maxAgeDays !== null && rule.cron !== null)
    throw invalidField('cron', 'Give a maximum age or a cron expression, not both: send null for the other. Nothing was changed.');
  checkWindows(rule.windows);
  if (rule.cron !== null) checkCron(rule, rule.cron);
  const now = storeTime();
  if (new Planner(rule, now).nextRun({ since: now, seed: '' })) return;
  const field = rule.cron === null ? 'blackouts' : 'windows';
  throw invalidField(field, 'No run falls into a window within three years. Change the windows, the blackout dates or the expression. Nothing was changed.');
}
