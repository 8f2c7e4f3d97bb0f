import type { RowFault } from '#lib/contract/import-file.ts';
import { EngineError, type EngineFailure, isRejection } from '#lib/engines/engine.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { givenLoginLimits } from '#lib/limits/limits.ts';
import { giveBackGuess, takeGuess } from '#lib/limits/take-guess.ts';
import { failureText } from '#lib/logins/failures.ts';
import { inspectLogin, probePooler } from '#lib/logins/inspect-login.ts';
import type { Target } from '#lib/projects/read-target.ts';
import { toTarget } from '#lib/projects/test-connection.ts';

export type LoginTrial =
  /** `identity`: what the server says it is; `note`: what was found, for a person. */
  | { result: 'accepted'; identity: string | null; note: string }
  /** `isRejected`: the password was wrong, which servers count. */
  | { result: 'failed'; isRejected: boolean; fault: RowFault }
  /** The server could not answer. */
  | { result: 'unavailable'; fault: RowFault }
  /** As many logins of the account were rejected as Rekey makes in 15 minutes: nothing was sent. */
  | { result: 'limited'; retryAfterSeconds: number };

const rejected = 'The server rejected this user and password. Correct them in the URL.';

function directFailure(code: EngineFailure, { engine }: Target['direct']): RowFault {
  if (code === 'direct_is_pooler')
    return { field: 'url', text: 'This is the address of a pooler. Move the URL to pooled_url, and give the server’s own address here.' };
  return { field: 'url', text: code === 'password_refused' ? rejected : failureText(code, { engine }) };
}

/**
 * Logs in with what a row gives, directly and through its pooler. Nothing is stored, and nothing on the server changes. At
 * most three rejected logins of one account count in 15 minutes: further ones are not made.
 */
export async function tryLogin(organizationId: string, given: Target): Promise<LoginTrial> {
  const limits = givenLoginLimits(organizationId, given.direct);
  try {
    await takeGuess(limits);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'rate_limited') return { result: 'limited', retryAfterSeconds: error.extras.retryAfterSeconds ?? 900 };
    throw error;
  }
  const trial = await login(given);
  if (trial.result !== 'failed' || !trial.isRejected) await giveBackGuess(limits);
  return trial;
}

async function login(given: Target): Promise<LoginTrial> {
  const { engine, user, password } = given.direct;
  const target = toTarget(given, false);
  try {
    const { identity } = await inspectLogin(engine, target, { user, password }, null);
    const pooled = await probePooler(engine, target, { user, password });
    if (pooled === null) return { result: 'accepted', identity, note: 'Login accepted. No pooled URL.' };
    if (pooled.verdict === 'accepted') return { result: 'accepted', identity, note: 'Direct and pooled login accepted.' };
    if (pooled.verdict === 'refused')
      return { result: 'failed', isRejected: true, fault: { field: 'pooled_url', text: 'The pooler rejected this login. Correct the pooler or the URL.' } };
    return { result: 'unavailable', fault: { field: 'pooled_url', text: failureText(pooled.failure, { engine }) } };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const fault = directFailure(error.code, given.direct);
    return error.transient ? { result: 'unavailable', fault } : { result: 'failed', isRejected: isRejection(error.code), fault };
  }
}
