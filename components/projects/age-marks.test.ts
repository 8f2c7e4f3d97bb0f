import { expect, test } from 'vitest';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { ageFigure } from './age-marks.ts';
import { FIGURE } from './figure.ts';

const now = new Date('2026-11-22T12:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const login = (name: string, days: number, { isAdopted = false, role = name } = {}) =>
  ({
    name,
    engine: 'postgresql',
    public_host: 'pg-1',
    direct_port: 5432,
    role_name: role,
    rotated_at: isAdopted ? null : ago(days),
    credential: { created_at: ago(days) },
  }) as ProjectWire;

test('each login has one mark, though several projects use it; what falls together is stacked', () => {
  const figure = ageFigure([login('shop', 1), login('blog', 1.5), login('shop-again', 1, { role: 'shop' }), login('etl', 60)], now);
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
  const figure = ageFigure([login('new', 0), login('old', 0, { isAdopted: true })], now);
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
  const { marks, ticks } = ageFigure([login('old', days)], now);
  expect(ticks.at(-1)?.label).toBe(last);
  expect(marks[0]?.x).toBeLessThan(FIGURE.width);
});

test('a thousand of one day stay within the figure, and each mark says how many it stands for', () => {
  const all = Array.from({ length: 1000 }, (_, i) => login(`p${i}`, 0, { isAdopted: i % 3 === 0 }));
  const { marks, perMark, total } = ageFigure(all, now);
  expect(total).toBe(1000);
  expect(Math.min(...marks.map(({ y }) => y))).toBeGreaterThan(4);
  expect(Math.max(...marks.map(({ names }) => names.length))).toBe(perMark);
  expect(marks.flatMap(({ names }) => names)).toHaveLength(1000);
});
