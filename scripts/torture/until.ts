import { setTimeout as delay } from 'node:timers/promises';

export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** Waits for a condition; one that throws counts as not met. Throws TimeoutError, naming what was waited for. */
export async function until(
  what: string,
  isMet: () => boolean | Promise<boolean>,
  { timeoutMs = 30_000, everyMs = 20 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<void> {
  const end = Date.now() + timeoutMs;
  let reason: unknown;
  for (;;) {
    try {
      if (await isMet()) return;
    } catch (error) {
      reason = error;
    }
    if (Date.now() > end) throw new TimeoutError(`waited ${timeoutMs} ms for ${what}`, { cause: reason });
    await delay(everyMs);
  }
}
