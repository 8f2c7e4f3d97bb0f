import { db, type Tx } from '#lib/kernel/db.ts';
import type { SyncFailure } from './failures.ts';

/** Between two looks by itself, less a fifth to more a fifth, so that they spread. */
const PERIOD_MS = 6 * 3_600_000;
/** After a look that the provider did not answer. */
const AGAIN_MS = 15 * 60_000;

export interface Plan {
  now: Date;
  /** From 0 up to, not including, 1. */
  random: () => number;
  /** Why the last look said nothing that only a person can mend. */
  failureCode?: SyncFailure;
  /** The provider did not answer: until when it asked to be left alone, or null. */
  away?: { retryAt: Date | null };
}

/** Sets when an integration is looked at next. Nobody's change of it: `updated_at` stays. */
export async function planLook(id: string, { now, random, failureCode, away }: Plan, tx: Tx = db): Promise<void> {
  const waitMs = (away ? AGAIN_MS : PERIOD_MS) * (0.8 + 0.4 * random());
  const nextAt = new Date(Math.max(now.getTime() + waitMs, away?.retryAt?.getTime() ?? 0));
  // Where the provider did not answer, what the look before found stands.
  await tx.$executeRaw`
    UPDATE integrations SET next_check_at = ${nextAt}::timestamptz,
      check_failure_code = CASE WHEN ${away !== undefined} THEN check_failure_code ELSE ${failureCode ?? null} END
    WHERE id = ${id}`;
}
