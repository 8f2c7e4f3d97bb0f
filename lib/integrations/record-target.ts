import { db } from '#lib/kernel/db.ts';
import { ClaimLost } from '#lib/queue/claim.ts';
import { LEASE } from './claim-sync.ts';
import type { TargetOutcome } from './push-target.ts';
import type { SyncAttempt } from './sync-attempt.ts';

/** Renews the claim. Throws ClaimLost where somebody newer has it, so that a worker that stood still puts nothing old. */
export async function renewClaim({ row, claim: { fence }, version }: SyncAttempt): Promise<void> {
  const held = await db.$executeRaw`
    UPDATE syncs SET lease_until = now() + ${LEASE}, version = greatest(version, ${version}::int) WHERE id = ${row.id} AND fence = ${fence} AND finished_at IS NULL`;
  if (held !== 1) throw new ClaimLost();
}

/**
 * Writes what became of a target, by compare-and-set: under our fence, where nothing was configured anew meanwhile, and
 * never over a newer version. Throws ClaimLost where somebody newer has the sync.
 */
export async function recordTarget(attempt: SyncAttempt, target: string, outcome: TargetOutcome, at: Date): Promise<void> {
  const { row, claim, version } = attempt;
  const { state, wasTaken, failureCode, refusals } = outcome;
  const [answer] = await db.$queryRaw<[{ held: number }]>`
    WITH held AS (
      UPDATE syncs SET lease_until = now() + ${LEASE} WHERE id = ${row.id} AND fence = ${claim.fence} AND finished_at IS NULL
      RETURNING id, integration_id),
    written AS (
      UPDATE integration_targets t SET state = ${state}::"TargetState", sync_id = held.id, failure_code = ${failureCode},
        refusals = ${JSON.stringify(refusals)}::jsonb, checked_at = ${at}::timestamptz,
        version = CASE WHEN ${wasTaken}::bool THEN ${version}::int ELSE t.version END,
        synced_at = CASE WHEN ${wasTaken}::bool THEN ${at}::timestamptz ELSE t.synced_at END
      FROM held JOIN integrations i ON i.id = held.integration_id AND i.revision = ${row.integration.revision}::int
      WHERE t.integration_id = held.integration_id AND t.target = ${target} AND (t.version IS NULL OR t.version <= ${version}::int))
    SELECT count(*)::int AS held FROM held`;
  if (answer.held !== 1) throw new ClaimLost();
}
