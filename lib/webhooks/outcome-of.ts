import { nextAttemptAt } from '#lib/outbox/retry-schedule.ts';
import { rulesOf } from './dialects/rules-of.ts';
import type { Tried } from './try-delivery.ts';

/** What a person reads, by what went wrong; never a word of the receiver's. */
const REASONS = {
  address_refused: 'The receiver’s address is not public. Use another URL, or have the operator allow the address in REKEY_OUTBOUND_ALLOW.',
  unreachable: 'The receiver could not be reached. Check its name, its port and its certificate.',
  secret_unreadable: 'The signing secret cannot be decrypted: it was changed in the store, or encrypted with another key. Rotate the secret.',
  redirected: 'The receiver answered with a redirect, and Rekey follows none. Use the URL it leads to.',
  gone: 'The receiver answered 410: it wants no more events. The endpoint was disabled.',
  rejected: 'The receiver did not answer with a 2xx status. Its response may show why.',
} as const;

interface Outcome {
  state: 'delivered' | 'pending' | 'failed';
  /** Null unless it is tried again. */
  nextAttemptAt: Date | null;
  responseStatus: number | null;
  failure: string | null;
  lastError: string | null;
}

export interface Judged extends Tried {
  outcome: Outcome;
}

function reasonOf({ answer, delivery }: Tried): string {
  if ('failure' in answer) {
    if (answer.failure === 'timed_out')
      return `The receiver did not answer within ${rulesOf(delivery.endpoint.dialect).timeoutMs / 1000} s. Have it answer first and work afterwards.`;
    return REASONS[answer.failure];
  }
  if (answer.status === 410) return REASONS.gone;
  return answer.status >= 300 && answer.status < 400 ? REASONS.redirected : REASONS.rejected;
}

/** What becomes of a delivery after a try: 2xx ends it well, 410 ends it, anything else has it tried again while there are tries left. */
export function outcomeOf(tried: Tried): Outcome {
  const { answer, delivery, startedAt, endedAt } = tried;
  const failure = 'failure' in answer ? answer.failure : null;
  const status = 'status' in answer ? answer.status : null;
  if (status !== null && status >= 200 && status < 300) return { state: 'delivered', nextAttemptAt: null, responseStatus: status, failure, lastError: null };
  const retryAfter = 'status' in answer ? answer.retryAfter : null;
  const retryAt = status === 410 ? null : nextAttemptAt(delivery.endpoint.dialect, { attempts: delivery.attempts, startedAt, endedAt, retryAfter });
  const next = retryAt ? ' Rekey retries automatically.' : status === 410 ? '' : ' Fix that, then press Redeliver.';
  return { state: retryAt ? 'pending' : 'failed', nextAttemptAt: retryAt, responseStatus: status, failure, lastError: reasonOf(tried) + next };
}
