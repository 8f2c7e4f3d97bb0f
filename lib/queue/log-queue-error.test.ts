import { expect, it, vi } from 'vitest';
import { log } from '#lib/kernel/log.ts';
import { logQueueError } from './log-queue-error.ts';

it.each<[string, unknown, object]>([
  [
    'an error',
    Object.assign(new Error('relation "pgboss.job" does not exist'), { code: '42P01' }),
    { name: 'Error', code: '42P01', message: 'relation "pgboss.job" does not exist' },
  ],
  [
    'a copy of one',
    { message: 'no more connections', stack: 'at x', queue: 'rotation.advance', worker: 'w' },
    { queue: 'rotation.advance', message: 'no more connections' },
  ],
  ['a text', 'broken', { message: 'broken' }],
  ['nothing', undefined, { message: 'undefined' }],
])('logs the words of %s', (_, error, said) => {
  const warn = vi.spyOn(log, 'warn').mockImplementation(() => undefined);
  logQueueError(error);
  expect(warn).toHaveBeenCalledWith({ error: said }, 'queue error');
  warn.mockRestore();
});
