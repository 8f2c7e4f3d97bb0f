import { classOf, type FailureClass, INTEGRATION_FAILURES, type IntegrationFailure } from './integration.ts';

/** Why a password did not get to a provider, beyond what a provider can say, with the fix. */
const OWN_FAILURES = {
  changed_there:
    'The provider does not hold the value that Rekey wrote: someone changed or removed it. Restore Rekey’s value, or keep the change until the next rotation overwrites it.',
  secret_unreadable: 'A stored secret cannot be decrypted: its row was changed, or it was encrypted with another key. Replace the token and the deploy hook.',
  insecure_hook:
    'The deploy hook uses plain http, and its URL is a secret. Nothing was sent. Use an https URL, or name its host in REKEY_HTTP_HOOK_HOSTS and restart Rekey.',
  no_way_to_redeploy: 'There is no deploy hook or workflow any more. Add one, then redeploy again.',
  disconnected: 'The integration was disconnected before its variables were updated.',
  unforeseen: 'Internal error. The worker’s log names it.',
} as const;

export type SyncFailure = IntegrationFailure | keyof typeof OWN_FAILURES;

/** What a person reads of a passing failure once Rekey does not ask again by itself. */
const GIVEN_UP: Partial<Record<SyncFailure, string>> = {
  unreachable: 'The provider could not be reached. Try again once it answers.',
  timed_out: 'The provider did not answer in time. Try again once it answers.',
  rate_limited: 'The provider’s rate limit was reached. Try again later.',
  provider_failed: 'The provider had an internal error. Try again once it has recovered.',
};

export const isSyncFailure = (code: string): code is SyncFailure => code in OWN_FAILURES || code in INTEGRATION_FAILURES;

function classOfFailure(code: SyncFailure): FailureClass {
  if (code === 'unforeseen') return 'retryable';
  return code in OWN_FAILURES ? 'rejected' : classOf(code as IntegrationFailure);
}

/** Whether the same may go well later without anyone fixing anything. */
export const isRetryable = (code: SyncFailure): boolean => classOfFailure(code) === 'retryable';

/** What a person reads for a code; `isOver`: Rekey does not ask again by itself. */
export function failureText(code: SyncFailure, { isOver }: { isOver: boolean }): string {
  const givenUp = isOver ? GIVEN_UP[code] : undefined;
  return givenUp ?? (code in OWN_FAILURES ? OWN_FAILURES[code as keyof typeof OWN_FAILURES] : INTEGRATION_FAILURES[code as IntegrationFailure]);
}
