import { log } from '#lib/kernel/log.ts';

const LONGEST = 500;

/**
 * Logs what pg-boss reports, in its own words: its queues hold ids alone, so they quote no secret. Some of what it
 * reports are copies of errors, which have their message but not their class.
 */
export function logQueueError(error: unknown): void {
  const { name, code, message, queue } = (error ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, LONGEST) : undefined);
  const said = { name: text(name), code: text(code), queue: text(queue), message: text(message) ?? String(error).slice(0, LONGEST) };
  log.warn({ error: Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) }, 'queue error');
}
