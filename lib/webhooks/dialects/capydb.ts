import { type DialectRules, payloadOf } from './dialect.ts';
import { timedSignature } from './timed-signature.ts';

/** The projects API's webhooks, as CapyDB documents them: its clients read the project's id in `data`. */
export const capydb: DialectRules = {
  timeoutMs: 15_000,
  signing: 'one',
  bodyOf: (event) => {
    const { data, ...payload } = payloadOf(event);
    return JSON.stringify({ ...payload, data: { ...(event.projectId !== null && { project_id: event.projectId }), ...data } });
  },
  headersOf: (attempt) => ({
    'user-agent': 'capydb-webhooks/1.0',
    'X-CapyDB-Event': attempt.event.type,
    'X-CapyDB-Delivery': attempt.deliveryId,
    'X-CapyDB-Signature': timedSignature(attempt),
  }),
};
