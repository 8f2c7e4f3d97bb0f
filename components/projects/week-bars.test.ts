import { expect, test } from 'vitest';
import { FIGURE } from './figure.ts';
import { weekBars, weekTicks, weekWords } from './week-bars.ts';

const first = Date.UTC(2026, 7, 31);
const weeks = (ended: Record<number, [completed: number, failed: number]>) =>
  Array.from({ length: 12 }, (_, i) => {
    const [completed, failed] = ended[i] ?? [0, 0];
    return { starts_at: new Date(first + i * 7 * 86_400_000).toISOString(), completed, failed };
  });

test('what failed stands at the foot, what completed above it, and nothing where nothing ended', () => {
  const bars = weekBars(weeks({ 6: [3, 1], 11: [4, 0] }));
  expect(bars).toHaveLength(12);
  const { failed, completed, words } = bars[6] as (typeof bars)[number];
  expect(failed).toEqual({ y: FIGURE.base - 9, height: 9 });
  expect(completed?.height).toBe(27);
  expect((completed?.y ?? 0) + 27).toBeLessThan(failed?.y ?? 0);
  expect(words).toBe('Week of 12 Oct: 3 completed, 1 failed');
  expect(bars[11]).toMatchObject({ failed: null, completed: { y: FIGURE.base - 36, height: 36 }, words: 'This week: 4 completed, 0 failed' });
  expect(bars[0]).toMatchObject({ failed: null, completed: null });
});

test('many keep within the figure, and one that failed among them can be seen', () => {
  const [bar] = weekBars(weeks({ 0: [5000, 1] }));
  expect(bar?.completed?.y).toBeGreaterThanOrEqual(0);
  expect(bar?.failed?.height).toBe(3);
});

test('the words count them; the axis names weeks by their Mondays', () => {
  expect(weekWords(weeks({ 1: [25, 2] }))).toBe('27 rotations in 12 weeks, 2 of them failed.');
  expect(weekWords(weeks({ 1: [1, 0] }))).toBe('1 rotation in 12 weeks, none of them failed.');
  expect(weekWords(weeks({}))).toBe('No rotation has ended in the last 12 weeks.');
  expect(weekTicks(weeks({})).map(({ label }) => label)).toEqual(['31 Aug', '12 Oct', 'this week']);
});
