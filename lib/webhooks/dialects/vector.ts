import { createHmac } from 'node:crypto';
import type { DialectRules } from './dialect.ts';
import { vectorName } from './vector-name.ts';

/** The sites dialect: the key of a signature is the secret as it is written, `whsec_` and all. */
export const vector: DialectRules = {
  timeoutMs: 30_000,
  isSigned: true,
  bodyOf: ({ type, createdAt, data }) => JSON.stringify({ event: vectorName(type), occurred_at: createdAt.toISOString(), data }),
  headersOf: ({ event, deliveryId, body, secrets, at }) => {
    const timestamp = Math.floor(at.getTime() / 1000);
    const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret.reveal()).update(`${timestamp}.${body}`).digest('hex')}`);
    return {
      'X-Vector-Event': vectorName(event.type),
      'X-Vector-Delivery': deliveryId,
      'X-Vector-Signature': [`t=${timestamp}`, ...signatures].join(','),
    };
  },
};
