import type { Dialect } from '#lib/contract/webhook.ts';

/** The waits before the tries after the first one, in ms: 5 s, 5 min, 30 min, 2 h, 5 h. */
const PATIENT_MS = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000] as const;
/** Tries at 0, 42 s, 2.5 min, 9 min and 30 min. */
const VECTOR_MS = [42_000, 108_000, 390_000, 1_260_000] as const;

/** Eight tries: 5 s, 1 min, 5 min, 30 min, 2 h, 5 h and 10 h apart. */
const CAPYDB_MS = [5_000, 60_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000] as const;

const WAITS_MS: Record<Dialect, readonly number[]> = { standard: PATIENT_MS, slack: PATIENT_MS, vector: VECTOR_MS, capydb: CAPYDB_MS };

/** A receiver that asks for more patience than a day is asked again after a day. */
const LONGEST_WAIT_MS = 86_400_000;

export const maxAttempts = (dialect: Dialect): number => WAITS_MS[dialect].length + 1;

/** A Retry-After header (RFC 9110, 10.2.3: seconds or a date) in ms from `now`; 0 where it says nothing. */
function askedWaitMs(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(ms, LONGEST_WAIT_MS);
}

export interface FailedTry {
  /** How many have failed, this one among them. */
  attempts: number;
  startedAt: Date;
  endedAt: Date;
  retryAfter: string | null;
}

/** When a delivery is tried again; null when it is given up. Vector counts from the start of a try and knows no Retry-After. */
export function nextAttemptAt(dialect: Dialect, { attempts, startedAt, endedAt, retryAfter }: FailedTry): Date | null {
  const wait = WAITS_MS[dialect][attempts - 1];
  if (wait === undefined) return null;
  switch (dialect) {
    case 'vector':
      return new Date(startedAt.getTime() + wait);
    case 'standard':
    case 'capydb':
    case 'slack':
      return new Date(endedAt.getTime() + Math.max(wait, askedWaitMs(retryAfter, endedAt)));
  }
}
