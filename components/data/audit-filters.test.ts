import { expect, test } from 'vitest';
import { addressOf, beginningOf, queryOf, readFilters } from './audit-filters.ts';

const now = new Date(2026, 2, 10, 14, 2, 11);

test('filters come back from the address they were written to', () => {
  const filters = readFilters(new URLSearchParams('q=10.0.9&action=project.updated&actor=ada%40example.com&outcome=refused&since=7d'));
  expect(readFilters(new URLSearchParams(addressOf(filters)))).toEqual(filters);
  expect(addressOf(readFilters(new URLSearchParams()))).toBe('');
});

test('what an address cannot mean is left out', () => {
  expect(readFilters(new URLSearchParams('outcome=splendid&since=ever'))).toMatchObject({ outcome: '', since: '' });
});

test('a period begins with a day of the reader', () => {
  expect(beginningOf('today', now)).toEqual(new Date(2026, 2, 10));
  expect(beginningOf('7d', now)).toEqual(new Date(2026, 2, 3));
  expect(beginningOf('30d', now)).toEqual(new Date(2026, 1, 8));
});

test('the API is asked by time', () => {
  const filters = { ...readFilters(new URLSearchParams('outcome=failed&since=today')) };
  expect(Object.fromEntries(queryOf(filters, now))).toEqual({ outcome: 'failed', from: new Date(2026, 2, 10).toISOString() });
});
