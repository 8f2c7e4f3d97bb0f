import { signWebhook } from '#lib/webhooks/sign.ts';
import { type DialectRules, payloadOf } from './dialect.ts';

/** Standard Webhooks (standardwebhooks.com, 1.0): the id is the event's. */
export const standard: DialectRules = {
  timeoutMs: 15_000,
  signing: 'every',
  bodyOf: (event) => JSON.stringify(payloadOf(event)),
  headersOf: ({ event, body, secrets, at }) => signWebhook({ id: event.id, timestamp: Math.floor(at.getTime() / 1000), body }, secrets),
};
