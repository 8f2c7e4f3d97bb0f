import { expect, test } from 'vitest';
import { chooseEntries, type SidebarEntry, worstFirst } from './choose-entries.ts';

const entry = (id: string, pip: SidebarEntry['pip'], current?: 'page'): SidebarEntry => ({ id, name: id, href: `/${id}`, pip, current });
const all = [entry('a', 'ok'), entry('b', 'accent'), entry('c', 'ok'), entry('d', 'warn'), entry('e', 'danger'), entry('f', 'ok', 'page')];
const shown = (most: number) => chooseEntries(all, most).map(({ id }) => id);

test('the open one and those that need somebody stay, in their order; then the first of the rest', () => {
  expect(shown(6)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(shown(5)).toEqual(['a', 'b', 'd', 'e', 'f']);
  expect(shown(3)).toEqual(['d', 'e', 'f']);
  expect(shown(1)).toEqual(['f']);
});

test('the worst stands first, and what stands alike keeps its order', () => {
  expect(worstFirst(all).map(({ id }) => id)).toEqual(['e', 'd', 'b', 'a', 'c', 'f']);
});
