import { globSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noteStoreTime, storeTime } from './clock.ts';

const YEAR_2030 = Date.UTC(2030, 0, 1);
let monotonic = 0;
beforeEach(() => {
  monotonic = 1_000;
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic);
});
afterEach(() => {
  vi.restoreAllMocks();
  delete (globalThis as { rekeyClock?: unknown }).rekeyClock;
});

it('is this machine’s own time before the store’s is known', () => {
  expect(Math.abs(storeTime().getTime() - Date.now())).toBeLessThan(1_000);
});

it('goes on from the store’s time by the monotonic clock, whatever this machine’s clock shows', () => {
  noteStoreTime(YEAR_2030, 10);
  monotonic += 500;
  expect(storeTime().getTime()).toBe(YEAR_2030 + 5 + 500);
  expect(storeTime(-2_000).getTime()).toBe(YEAR_2030 + 5 - 1_500);
});

it('keeps the better of two samples for a minute', () => {
  noteStoreTime(YEAR_2030, 2);
  monotonic += 1_000;
  noteStoreTime(YEAR_2030 + 1_000 + 300, 800);
  expect(storeTime().getTime()).toBe(YEAR_2030 + 1 + 1_000);
  monotonic += 60_000;
  noteStoreTime(YEAR_2030 + 61_000, 800);
  expect(storeTime().getTime()).toBe(YEAR_2030 + 61_400);
});

it('takes the next sample at once after the machine slept', () => {
  noteStoreTime(YEAR_2030, 2);
  monotonic += 2_000;
  noteStoreTime(YEAR_2030 + 3_600_000, 20);
  expect(storeTime().getTime()).toBe(YEAR_2030 + 3_600_010);
});

it('is what the server code goes by: nothing in lib/ and workers/ reads the clock of its machine', () => {
  const own = /\bnew Date\(\)|\bDate\.now\(\)/;
  const files = globSync('{lib,workers}/**/*.ts').filter((file) => !/\.test\.ts$|^lib\/kernel\/clock\.ts$|^lib\/queue\/process-clocks\.ts$/.test(file));
  expect(files.length).toBeGreaterThan(300);
  expect(files.filter((file) => own.test(readFileSync(file, 'utf8')))).toEqual([]);
});
