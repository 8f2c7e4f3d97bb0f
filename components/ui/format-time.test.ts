import { expect, test } from 'vitest';
import { formatAge, formatDuration, formatSpan, formatTime } from './format-time.ts';

const now = new Date('2026-11-21T14:02:12.482Z');
const at = (text: string, style: Parameters<typeof formatTime>[1], zone = 'UTC') => formatTime(new Date(text), style, now, zone);

test('times are 24 hours, with seconds where something was proven', () => {
  expect(at('2026-11-21T14:02:11.048Z', 'second')).toBe('14:02:11');
  expect(at('2026-11-21T14:02:11.048Z', 'millisecond')).toBe('14:02:11.048');
  expect(at('2026-11-21T00:05:00Z', 'minute')).toBe('00:05');
  expect(at('2026-11-21T14:02:11Z', 'full')).toBe('21 Nov 2026 14:02:11');
  expect(at('2026-11-15T23:30:00Z', 'date')).toBe('15 Nov');
});

test('a proof of another day names it', () => {
  expect(at('2026-11-21T14:02:11Z', 'moment')).toBe('14:02:11');
  expect(at('2026-11-20T23:59:00Z', 'moment')).toBe('20 Nov 23:59:00');
  expect(at('2025-09-01T06:00:00Z', 'moment')).toBe('1 Sep 2025 06:00:00');
});

test('a day is named by the midnights of the reader, not by 24 hours', () => {
  expect(at('2026-11-21T00:00:00Z', 'day')).toBe('today 00:00');
  expect(at('2026-11-20T23:59:00Z', 'day')).toBe('yesterday 23:59');
  expect(at('2026-11-20T23:59:00Z', 'day', 'Europe/Paris')).toBe('today 00:59');
  expect(at('2026-09-01T06:00:00Z', 'day')).toBe('1 Sep 06:00');
  expect(at('2025-09-01T06:00:00Z', 'day')).toBe('1 Sep 2025');
});

test('ages are whole days', () => {
  expect(formatAge(new Date('2026-11-20T14:02:13Z'), now)).toBe('today');
  expect(formatAge(new Date('2026-11-20T14:02:12Z'), now)).toBe('1 d');
  expect(formatAge(new Date('2026-10-12T14:02:12Z'), now)).toBe('40 d');
});

test('spans and durations keep to one unit and never go below zero', () => {
  expect([-5, 3_999, 240_000, 7_300_000, 260_000_000].map(formatSpan)).toEqual(['0 s', '3 s', '4 min', '2 h', '3 d']);
  expect([18.4, 1240, 64_000].map(formatDuration)).toEqual(['18 ms', '1.24 s', '1 m 04 s']);
});
