import { recordAudit } from '#lib/audit/record-audit.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { PROJECT_PARTS } from '#lib/logins/load-project.ts';
import { attemptWork, type SharedClaim, settleClaim } from '#lib/queue/claim.ts';
import { checkTargets, type Plan, planDriftCheck } from './drift.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { failureText, isRetryable, type SyncFailure } from './failures.ts';
import { IntegrationError } from './integration.ts';
import { INTEGRATION_PARTS, type IntegrationRow } from './integrations.ts';
import type { Chance } from './sync-integration.ts';

/** At once; the rest half a minute later. */
const MOST = 50;

/**
 * Takes integrations whose time to be looked at has come: nobody else takes them within ten minutes, after which a look
 * that was interrupted is made again. While a sync is in progress there is nothing to look at.
 */
export const claimDueDriftChecks = (): Promise<{ id: string; provider: Provider }[]> => db.$queryRaw`
  UPDATE integrations SET next_check_at = now() + interval '10 minutes'
  WHERE id = ANY(ARRAY(
    SELECT i.id FROM integrations i
    WHERE i.next_check_at <= now() AND NOT EXISTS (SELECT FROM syncs s WHERE s.integration_id = i.id AND s.finished_at IS NULL)
    ORDER BY i.next_check_at LIMIT ${MOST} FOR UPDATE SKIP LOCKED))
  RETURNING id, provider`;

/** Looks at an integration and plans the next look. A problem that only a person can fix, such as an expired token, is stored and reported once. */
export async function checkDrift(id: string, workerId: string, chance: Chance = { clock: storeTime, random: Math.random }): Promise<void> {
  await attemptWork('integration.check', id, workerId, (claim) => look(claim, chance));
}

async function look(claim: SharedClaim, { clock, random }: Chance): Promise<void> {
  const { id } = claim;
  const row = await db.integration.findUnique({ where: { id }, include: { ...INTEGRATION_PARTS, project: { include: PROJECT_PARTS } } });
  if (!row || row.syncs.length > 0) return;
  try {
    await checkTargets(systemContext(row.organizationId), row, row.project, claim);
    await settle(claim, { now: clock(), random });
  } catch (error) {
    const { failureCode, retryAt } = failureOf(error);
    if (isRetryable(failureCode)) await settle(claim, { now: clock(), random, away: { retryAt } });
    else await recordFailure(claim, row, failureCode, { now: clock(), random });
  }
}

function failureOf(error: unknown): { failureCode: SyncFailure; retryAt: Date | null } {
  if (error instanceof IntegrationError) return { failureCode: error.code, retryAt: error.retryAt };
  if (error instanceof SealBrokenError) return { failureCode: 'secret_unreadable', retryAt: null };
  throw error;
}

const settle = (claim: SharedClaim, plan: Plan): Promise<void> =>
  db.$transaction(async (tx) => {
    await settleClaim(tx, claim);
    await planDriftCheck(claim.id, plan, tx);
  });

async function recordFailure(claim: SharedClaim, row: IntegrationRow, failureCode: SyncFailure, moment: { now: Date; random: () => number }): Promise<void> {
  await db.$transaction(async (tx) => {
    await settleClaim(tx, claim);
    await planDriftCheck(row.id, { ...moment, failureCode }, tx);
    if (row.checkFailureCode === failureCode) return;
    await recordAudit(tx, systemContext(row.organizationId), {
      action: 'project.integration_check_failed',
      projectId: row.projectId,
      target: integrationTarget(row),
      reason: failureText(failureCode, { isOver: true }),
      metadata: { ...integrationFacts(row), code: failureCode },
    });
  });
}
