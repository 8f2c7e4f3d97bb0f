import { expect, test } from 'vitest';
import type { LoadedDelivery } from './load-claimed.ts';
import { outcomeOf } from './outcome-of.ts';
import type { DeliveryAnswer, Tried } from './try-delivery.ts';

const AT = new Date('2026-11-21T14:02:13.000Z');

function tried(answer: DeliveryAnswer, attempts = 1, dialect: 'standard' | 'vector' = 'standard'): Tried {
  const delivery = { attempts, endpoint: { dialect } } as LoadedDelivery;
  return { delivery, startedAt: AT, endedAt: AT, latencyMs: 1, signedBy: null, requestHeaders: {}, answer };
}
const status = (code: number): DeliveryAnswer => ({ status: code, retryAfter: null, headers: {}, text: '' });

test.each<[string, Tried, string]>([
  ['hangs', tried({ failure: 'timed_out' }), 'did not answer within 15 s. Have it answer first and work afterwards'],
  ['hangs, in the sites dialect', tried({ failure: 'timed_out' }, 1, 'vector'), 'did not answer within 30 s'],
  ['redirects', tried(status(302)), 'Use the URL it leads to'],
  ['answers with an error', tried(status(500)), 'Its response may show why'],
  ['is not there', tried({ failure: 'unreachable' }), 'Check its name, its port and its certificate'],
  ['is in a private network', tried({ failure: 'address_refused' }), 'Use another URL'],
  ['cannot be signed for', tried({ failure: 'secret_unreadable' }), 'Rotate the secret'],
])('of a receiver that %s it is said what to do, and that it is tried again', (_, one, words) => {
  const { state, nextAttemptAt, lastError } = outcomeOf(one);
  expect([state, nextAttemptAt !== null]).toEqual(['pending', true]);
  expect(lastError).toContain(words);
  expect(lastError).toMatch(/ Rekey retries automatically\.$/);
});

test('after the last try a person sends it again', () => {
  expect(outcomeOf(tried(status(503), 6))).toMatchObject({ state: 'failed', lastError: expect.stringMatching(/ Fix that, then press Redeliver\.$/) });
  expect(outcomeOf(tried(status(410)))).toMatchObject({ state: 'failed', lastError: expect.stringMatching(/The endpoint was disabled\.$/) });
  expect(outcomeOf(tried(status(204)))).toMatchObject({ state: 'delivered', lastError: null });
});
