import { expect, test } from 'vitest';
import { createPolicyBody } from '#lib/contract/policy.ts';
import { dayWords, overdueDays, parseTagRule, ruleWords, TEMPLATES, tagRuleText, untilWords } from './policy-words.ts';

test('a rule in words', () => {
  const windows = [
    { days: ['sun' as const], from: '02:00', to: '05:00' },
    { days: ['wed' as const], from: '22:00', to: '01:00' },
  ];
  expect(ruleWords({ max_age_days: 30, cron: null, windows, time_zone: 'Europe/Berlin' })).toBe(
    'Before 30 days, Sun 02:00–05:00 and Wed 22:00–01:00, Europe/Berlin',
  );
  expect(ruleWords({ max_age_days: null, cron: '30 1 * * *', windows: [], time_zone: 'UTC' })).toBe('Cron 30 1 * * *, no window, UTC');
  expect(ruleWords({ max_age_days: 1, cron: null, windows: [], time_zone: 'UTC' })).toBe('Before 1 day, any time, UTC');
  const weekdays = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'] as ('mon' | 'tue' | 'wed' | 'thu' | 'fri')[], from: '04:00', to: '06:00' }];
  expect(ruleWords({ max_age_days: 90, cron: null, windows: weekdays, time_zone: 'UTC' })).toBe('Before 90 days, weekdays 04:00–06:00, UTC');
});

test('a tag rule is written and read', () => {
  const text = 'env=production team!=payments';
  expect(tagRuleText(parseTagRule(text) ?? null)).toBe(text);
  expect(parseTagRule('  ')).toBeNull();
  expect(parseTagRule('production')).toBeUndefined();
});

test('times are shown in the time zone of the policy', () => {
  expect(dayWords('Europe/Berlin', '2026-12-05T23:30:00Z', true)).toBe('Sun 6 Dec 2026');
  const now = new Date('2026-11-24T12:00:00Z');
  expect(untilWords('2026-12-06T13:00:00Z', now)).toBe('in 12 days');
  expect(untilWords('2026-11-24T13:30:00Z', now)).toBe('in 1 hour');
  expect(overdueDays('2026-11-15T11:00:00Z', now)).toBe(9);
  expect(overdueDays('2026-11-25T11:00:00Z', now)).toBeNull();
});

test.each(TEMPLATES)('the template $name is a policy', ({ name, body }) => {
  expect(createPolicyBody.safeParse({ name, ...body }).success).toBe(true);
});
