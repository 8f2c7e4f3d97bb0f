import { expect, test } from 'vitest';
import { slugOf } from './slug.ts';

test.each([
  ['Orders API', 'orders-api'],
  ['  Crème brûlée!  ', 'creme-brulee'],
  ['--a--b--', 'a-b'],
  ['日本', 'project'],
  ['x'.repeat(80), 'x'.repeat(63)],
  [`${'x'.repeat(62)} y`, 'x'.repeat(62)],
])('%s becomes %s', (name, slug) => {
  expect(slugOf(name, 'project')).toBe(slug);
});
