import { storeTime } from '#lib/kernel/clock.ts';
import { env } from '#lib/kernel/env.ts';

/** Retries after the first attempt. */
export const MAX_RETRIES = 3;
export const MAX_ATTEMPTS = MAX_RETRIES + 1;

/** After this long, 2 minutes, a rotation is settled one way or the other: failed where nothing was sent, else needs_attention. */
export const DEADLINE_MS = env.REKEY_DEADLINE_MS;

/**
 * How long a claim is valid without a write by its worker, for a worker that is alive but makes no progress (SIGSTOP,
 * a dead network): 45 s, more than a step takes.
 */
export const LEASE_MS = env.REKEY_LEASE_MS;

/** After this long a rotation that needs attention checks the server again: 15 s, then longer; see `attentionWaitMs`. */
export const ATTENTION_INTERVAL_MS = env.REKEY_ATTENTION_MS;

const jittered = (ms: number): number => Math.round(ms * (0.8 + Math.random() * 0.4));

/** The wait before a rotation whose truth is unknown asks the server again, after `attempts` in all, in ms: 15 s, after the usual attempts 30 s, then a minute, give or take a fifth. */
export const attentionWaitMs = (attempts: number): number => jittered(ATTENTION_INTERVAL_MS * 2 ** Math.max(0, Math.min(attempts - MAX_ATTEMPTS, 2)));

/** After this long an old password that could not be ended is tried again: 15 minutes, since each try makes failed logins by design. */
export const RETIREMENT_PUT_OFF_MS = 60 * ATTENTION_INTERVAL_MS;

/** More failed logins than Rekey makes in a row, counting every endpoint and stored password. */
const SPARE_FAILED_LOGINS = 10;

/** Whether Rekey may make failed logins on purpose, given how many in a row block an account there; null means that none do. */
export const mayFailLogins = (limit: number | null | undefined): boolean => (limit ?? SPARE_FAILED_LOGINS) >= SPARE_FAILED_LOGINS;

/**
 * The waits before retrying a pooler that rejects the new password, in ms: 1 s, then 16 s. PgBouncer remembers a
 * failed server login for `server_login_retry`, 15 s by default. A server that locks accounts should see at most three
 * rejected logins in one pass.
 */
export const POOLER_RETRY_MS: readonly number[] = env.REKEY_POOLER_RETRY_MS.split(',').map(Number);

/** The waits before retrying a server that rejects the password it has just accepted as a change, in ms. At most three rejected logins. */
export const REJECTED_RETRY_MS: readonly number[] = [200, 1_000];

/**
 * The wait, in ms, before retrying a server that accepted no login, so that nothing was sent to it; null if the
 * deadline would pass meanwhile. A quarter of the time the rotation has taken so far, from 1 s to 5 s, plus or minus a
 * fifth: soon after a restart, and spread over the deadline.
 */
export function patienceMs(deadlineAt: Date, now = storeTime()): number | null {
  const leftMs = deadlineAt.getTime() - now.getTime();
  const waitMs = Math.min(Math.max((DEADLINE_MS - leftMs) / 4, DEADLINE_MS / 120), DEADLINE_MS / 24);
  const spread = jittered(waitMs);
  return spread < leftMs ? spread : null;
}

/** The wait before retry `n` (1, 2, 3) in ms: 1 s, 2 s, 4 s, plus or minus a fifth so that many retries do not coincide. */
export const backoffMs = (n: number): number => jittered(env.REKEY_BACKOFF_MS * 2 ** (n - 1));
