import { classOf, type FailureClass, INTEGRATION_FAILURES, type IntegrationFailure } from './integration.ts';

/** Why a password did not get to a provider, beyond what a provider can say; with the mend. */
const OWN_FAILURES = {
  changed_there:
    'The provider holds another value than the one that Rekey put there, or none: somebody changed it. Put it back, or keep theirs until the next rotation writes over it.',
  secret_unreadable: 'A secret that Rekey keeps does not open: its row was changed, or it was sealed with another key. Replace the token and the deploy hook.',
  insecure_hook:
    'The deploy hook is called over plain http, and its URL is a secret. Nothing was sent. Give an https URL, or name its host in REKEY_HTTP_HOOK_HOSTS and restart Rekey.',
  no_way_to_redeploy: 'There is no deploy hook and no workflow any more. Give one, then redeploy again.',
  disconnected: 'The integration was disconnected before its variables were brought up to date.',
  unforeseen: 'Rekey met a fault of its own; the log of the worker names it.',
} as const;

export type SyncFailure = IntegrationFailure | keyof typeof OWN_FAILURES;

/** What a person reads of a passing failure once Rekey does not ask again by itself. */
const GIVEN_UP: Partial<Record<SyncFailure, string>> = {
  unreachable: 'The provider could not be reached. Try again once it answers.',
  timed_out: 'The provider did not answer in time. Try again once it answers.',
  rate_limited: 'The provider asked for patience. Try again later.',
  provider_failed: 'The provider answered with an error of its own. Try again once it is well.',
};

export const isSyncFailure = (code: string): code is SyncFailure => code in OWN_FAILURES || code in INTEGRATION_FAILURES;

function classOfFailure(code: SyncFailure): FailureClass {
  if (code === 'unforeseen') return 'retryable';
  return code in OWN_FAILURES ? 'rejected' : classOf(code as IntegrationFailure);
}

/** Whether the same may go well later without anybody mending anything. */
export const isRetryable = (code: SyncFailure): boolean => classOfFailure(code) === 'retryable';

/** What a person reads for a code; `isOver`: Rekey does not ask again by itself. */
export function failureText(code: SyncFailure, { isOver }: { isOver: boolean }): string {
  const givenUp = isOver ? GIVEN_UP[code] : undefined;
  return givenUp ?? (code in OWN_FAILURES ? OWN_FAILURES[code as keyof typeof OWN_FAILURES] : INTEGRATION_FAILURES[code as IntegrationFailure]);
}
