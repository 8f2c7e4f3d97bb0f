import { expect, test } from 'vitest';
import type { JobWire } from '#lib/contract/job.ts';
import { nextVersion } from './next-version.ts';

const job = (to: number | null, { state = 'completed', staged = true }: { state?: JobWire['state']; staged?: boolean } = {}) =>
  ({ state, rotation: to === null ? null : { to_version: to, is_staged: staged } }) as JobWire;

test('the next version is one above all that were ever made', () => {
  expect(nextVersion(14, [])).toBe(15);
  expect(nextVersion(14, [job(null), job(14)])).toBe(15);
  expect(nextVersion(14, [job(16, { state: 'failed' }), job(15)])).toBe(17);
});

test('a rotation that failed before it made a password has used up no version', () => {
  expect(nextVersion(14, [job(15, { state: 'failed', staged: false })])).toBe(15);
});

test('while a rotation is in progress its version is the next one, not the one after it', () => {
  expect(nextVersion(2, [job(3, { state: 'running' })])).toBe(3);
  expect(nextVersion(2, [job(3, { state: 'queued', staged: false })])).toBe(3);
});
