import { expect, test } from 'vitest';
import { ageFigure } from './age-marks.ts';
import { FIGURE } from './figure.ts';

const age = (days: number, names: string[], { isAtLeast = false, logins = names.length } = {}) => ({ days, is_at_least: isAtLeast, logins, names });

test('each login has one mark; what falls together is stacked', () => {
  const figure = ageFigure([age(1, ['shop', 'blog']), age(60, ['etl'])]);
  expect(figure.total).toBe(3);
  expect(figure.marks.map(({ names }) => names)).toEqual([['shop'], ['blog'], ['etl']]);
  const [shop, blog, etl] = figure.marks;
  expect(blog?.x).toBe(shop?.x);
  expect(blog?.y).toBeLessThan(shop?.y ?? 0);
  expect(etl?.y).toBe(shop?.y);
  expect(figure.ticks.map(({ label }) => label)).toEqual(['today', '30 d', '60 d', '90 d']);
  expect(figure.words).toBe('Ages of 3 passwords: 2 under 30 days, 0 from 30 to under 60 days, 1 from 60 to under 90 days.');
});

test('what was never rotated is as old as that at least, and said to be', () => {
  const figure = ageFigure([age(0, ['new']), age(0, ['old'], { isAtLeast: true })]);
  expect(figure.marks).toMatchObject([
    { names: ['new'], isAtLeast: false },
    { names: ['old'], isAtLeast: true },
  ]);
  expect(figure.words).toMatch(/Of 1 it is the least age: it was not rotated here yet\.$/);
});

test.each([
  [89, '90 d'],
  [90, '120 d'],
  [120, '180 d'],
  [400, '480 d'],
])('the scale holds an age of %d days', (days, last) => {
  const { marks, ticks } = ageFigure([age(days, ['old'])]);
  expect(ticks.at(-1)?.label).toBe(last);
  expect(marks[0]?.x).toBeLessThan(FIGURE.width);
});

test('ten thousand of one day stay within the figure, and each mark says how many it stands for', () => {
  const ages = [age(0, ['a', 'b', 'c'], { logins: 6_667 }), age(0, ['d', 'e', 'f'], { isAtLeast: true, logins: 3_333 })];
  const { marks, perMark, total } = ageFigure(ages);
  expect(total).toBe(10_000);
  expect(Math.min(...marks.map(({ y }) => y))).toBeGreaterThan(4);
  expect(Math.max(...marks.map(({ logins }) => logins))).toBe(perMark);
  expect(marks.reduce((sum, { logins }) => sum + logins, 0)).toBe(10_000);
  expect(marks.flatMap(({ names }) => names)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});
