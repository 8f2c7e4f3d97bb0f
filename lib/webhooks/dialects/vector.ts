import type { DialectRules } from './dialect.ts';
import { timedSignature } from './timed-signature.ts';
import { vectorName } from './vector-name.ts';

/** The sites API's webhooks, as its documentation has them. */
export const vector: DialectRules = {
  timeoutMs: 30_000,
  signing: 'one',
  bodyOf: ({ type, createdAt, data }) => JSON.stringify({ event: vectorName(type), occurred_at: createdAt.toISOString(), data }),
  headersOf: (attempt) => ({
    'X-Vector-Event': vectorName(attempt.event.type),
    'X-Vector-Delivery': attempt.deliveryId,
    'X-Vector-Signature': timedSignature(attempt),
  }),
};
