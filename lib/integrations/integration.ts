import type { Provider } from '#lib/contract/providers/providers.ts';
import type { Secret } from '#lib/crypto/secret.ts';

/** Why a provider did not do a thing: ours and constant, never its own text. Each says what a person does next. */
export const INTEGRATION_FAILURES = {
  unreachable: 'The provider could not be reached. Rekey retries automatically.',
  timed_out: 'The provider did not answer in time. Rekey retries automatically.',
  rate_limited: 'The provider’s rate limit was reached. Rekey retries when the provider allows it.',
  provider_failed: 'The provider had an internal error. Rekey retries automatically.',
  token_refused: 'The provider refused the token: it is wrong, expired or revoked. Replace the token.',
  permission_missing: 'The token may not change these variables. Replace it with one that may.',
  place_missing: 'The project, site or repository is gone, or the token cannot see it. Connect it again.',
  target_conflict: 'The variable at the provider covers several targets at once. Remove it there, or create one for each target.',
  managed_elsewhere: 'The variable belongs to another integration at the provider. Remove it there, or choose another name.',
  value_refused: 'The provider refused the variable’s name or value. Choose another name.',
  account_blocked: 'The provider has blocked the account, for example over a payment. Settle it there, then sync again.',
  deployment_refused: 'The provider started no deployment: the hook, the workflow or the branch does not exist, or nothing was deployed yet. Correct it.',
  address_refused: 'The deploy hook’s address is not one that Rekey may call. Use the https address that the provider shows.',
  answer_unreadable: 'The provider’s answer was not understood. Rekey assumes nothing about its outcome.',
} as const;
export type IntegrationFailure = keyof typeof INTEGRATION_FAILURES;

/** `retryable` may go well later by itself; `auth` needs another token; `rejected` needs a person. */
export type FailureClass = 'retryable' | 'auth' | 'rejected';

const CLASS_OF: Record<IntegrationFailure, FailureClass> = {
  unreachable: 'retryable',
  timed_out: 'retryable',
  rate_limited: 'retryable',
  provider_failed: 'retryable',
  token_refused: 'auth',
  permission_missing: 'auth',
  place_missing: 'rejected',
  target_conflict: 'rejected',
  managed_elsewhere: 'rejected',
  value_refused: 'rejected',
  account_blocked: 'rejected',
  deployment_refused: 'rejected',
  address_refused: 'rejected',
  answer_unreadable: 'rejected',
};

export const classOf = (code: IntegrationFailure): FailureClass => CLASS_OF[code];

/** Thrown by every call of an integration. Carries a code and constant text; what the provider wrote is dropped. */
export class IntegrationError extends Error {
  readonly code: IntegrationFailure;
  /** When the provider asked to be left alone until; null where it did not say. */
  readonly retryAt: Date | null;
  constructor(code: IntegrationFailure, retryAt: Date | null = null) {
    super(INTEGRATION_FAILURES[code]);
    this.name = 'IntegrationError';
    this.code = code;
    this.retryAt = retryAt;
  }
}

/** Where variables are kept: a Vercel project, a Netlify site, a GitHub repository. */
export interface Place {
  token: Secret;
  /** Vercel: project id; Netlify: site id; GitHub: `owner/repository`. */
  externalId: string;
  /** Vercel: team id, null for a personal account; Netlify: account id; GitHub: null. */
  accountId: string | null;
}

/** A place as the token sees it, to be picked from a list. */
export interface FoundPlace {
  externalId: string;
  accountId: string | null;
  name: string;
}

export interface Variable {
  name: string;
  value: Secret;
}

/**
 * What stands at the provider under a name: `same` or `other` where the value could be compared, `unreadable` where it
 * is write-only, `absent` where there is none.
 */
export type HeldValue = 'same' | 'other' | 'unreadable' | 'absent';

/** One variable that was not taken, while others were. */
export interface Refusal {
  name: string;
  code: IntegrationFailure;
}

/** A target with variables that win there over those of a wider target, such as a branch over preview or an environment over its repository. */
export interface OwnTarget {
  target: string;
  variables: string[];
  /** The wider targets. */
  over: string[];
}

/** Variables of a wider level than the place, such as its organization or team: those of the place win over them. */
export interface Inherited {
  from: string;
  variables: string[];
}

/** How a new deployment is begun; which of them a provider knows is among its facts. */
export type Redeploy = { by: 'hook'; url: Secret } | { by: 'api'; ref?: string; workflow?: string };

/** All that Rekey asks of a provider. Every call is safe to repeat; all throw IntegrationError. */
export interface Integration {
  provider: Provider;
  /** Whether a target is written like one that single places have. */
  isOwnTarget(target: string): boolean;
  /** The places that a token can change, which also proves the token. At most `limit`, of those whose name holds `search`. */
  listPlaces(token: Secret, options?: { search?: string; limit?: number }): Promise<FoundPlace[]>;
  /** Reads one place, which also proves that the token may see it. */
  readPlace(place: Place): Promise<FoundPlace>;
  /** The targets of one place beside `targets`, and those of `targets` that hold a value beside a wider one; of those that the token may not see, none. */
  listOwnTargets(place: Place): Promise<OwnTarget[]>;
  /** What a place inherits; nothing where the token may not see it. */
  listInherited(place: Place): Promise<Inherited[]>;
  /** Puts variables for one target, whatever stood there. Answers those that were refused; the others are written. */
  putVariables(place: Place, target: string, variables: Variable[]): Promise<Refusal[]>;
  /** Compares what one target holds with what it should hold, by variable name. */
  compareVariables(place: Place, target: string, variables: Variable[]): Promise<Record<string, HeldValue>>;
  /** Begins a deployment that takes up the variables. Answers the provider's id of it, where it gives one. */
  redeploy(place: Place, how: Redeploy): Promise<{ id: string | null }>;
}
