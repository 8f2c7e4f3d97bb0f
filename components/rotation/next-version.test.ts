import { expect, test } from 'vitest';
import type { JobWire } from '#lib/http/wire/job.ts';
import { nextVersion } from './next-version.ts';

const job = (to: number | null) => ({ rotation: to === null ? null : { to_version: to } }) as JobWire;

test('the next version is one above all that were ever used', () => {
  expect(nextVersion(14, [])).toBe(15);
  expect(nextVersion(14, [job(null), job(14)])).toBe(15);
  expect(nextVersion(14, [job(16), job(15)])).toBe(17);
});
