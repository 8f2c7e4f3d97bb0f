import { expect, it } from 'vitest';
import { layOutMarks } from './marks.ts';

it('draws one path for each state, row by row', () => {
  const { width, height, paths } = layOutMarks('rrfwwp', 4);
  expect([width, height]).toEqual([26, 12]);
  expect(paths).toEqual([
    { shape: 'verified', d: 'M0 2.5h12' },
    { shape: 'failed', d: 'M14.5 0.5l4 4m0-4l-4 4' },
    { shape: 'waiting', d: 'M21 2.5h5M0 9.5h5' },
    { shape: 'running', d: 'M7.75 7.75h3.5v3.5h-3.5z' },
  ]);
});

it('stays six paths with 10,000 logins', () => {
  const { paths, height } = layOutMarks('rpdfsw'.repeat(2_000), 136);
  expect(paths).toHaveLength(6);
  expect(height).toBe(Math.ceil(12_000 / 136) * 7 - 2);
});

it('has no path for a wave without logins', () => {
  expect(layOutMarks('', 46)).toEqual({ width: 320, height: 5, paths: [] });
});
