import { expect, test } from 'vitest';
import { matchEntries } from './match-entries.ts';

const list = (...words: string[]) => words.map((one) => ({ words: one }));
const groups = [
  { title: 'Projects', entries: list('shop shop_rw pg-1.internal', 'workshop app pg-2.internal', 'Billing shop_ro pg-1.internal') },
  { title: 'Pages', entries: list('Overview', 'Audit log', 'API keys') },
];
const found = (search: string) => matchEntries(groups, search).map(({ title, entries }) => [title, ...entries.map(({ words }) => words.split(' ')[0])]);

test('what begins so stands before what has such a word, and that before what has it within', () => {
  expect(found('shop')).toEqual([['Projects', 'shop', 'Billing', 'workshop']]);
});

test('every word counts, in whatever case; the group with the better match stands above', () => {
  expect(found('  PG-1 bill ')).toEqual([['Projects', 'Billing']]);
  expect(found('a')).toEqual([
    ['Pages', 'Audit', 'API'],
    ['Projects', 'workshop', 'shop', 'Billing'],
  ]);
  expect(found('nobody')).toEqual([]);
});

test('without a search all are there, up to eight of a group, and the rest is counted', () => {
  expect(found('')).toEqual([
    ['Projects', 'shop', 'workshop', 'Billing'],
    ['Pages', 'Overview', 'Audit', 'API'],
  ]);
  const [projects] = matchEntries([{ title: 'Projects', entries: list(...Array.from({ length: 11 }, (_, i) => `p${i}`)) }], '');
  expect(projects).toMatchObject({ entries: list('p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'), more: 3 });
});
