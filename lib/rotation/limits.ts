/** Tries after the first one. */
export const MAX_RETRIES = 3;
export const MAX_ATTEMPTS = MAX_RETRIES + 1;

/** After this long a rotation is settled one way or the other: failed where nothing was sent, else needs_attention. */
export const DEADLINE_MS = 120_000;

/** How often a rotation whose truth is unknown asks the server again. */
export const ATTENTION_INTERVAL_MS = 15_000;

/**
 * When a pooler that refuses the new password is asked again, in ms after the first refusal.
 * PgBouncer holds a failed server login for `server_login_retry`, 15 s unless set otherwise; three refused
 * logins are the most that a server which locks accounts should see in one pass.
 */
export const POOLER_RETRY_MS = [1_000, 16_000] as const;

/** The wait before retry `n` (1, 2, 3) in ms: 1 s, 2 s, 4 s, give or take a fifth so that many do not return at once. */
export const backoffMs = (n: number): number => Math.round(1000 * 2 ** (n - 1) * (0.8 + Math.random() * 0.4));
