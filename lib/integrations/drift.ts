import { recordAudit } from '#lib/audit/record-audit.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import type { Provider } from '#lib/contract/providers/providers.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError, notFound } from '#lib/kernel/errors.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { currentCredential, type ProjectRow } from '#lib/logins/load-project.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { ClaimLost, holdClaim, type SharedClaim } from '#lib/queue/claim.ts';
import { LEASE, type SyncAttempt } from './claim-work.ts';
import { readConfig } from './config.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import type { SyncFailure } from './failures.ts';
import type { OwnTarget } from './integration.ts';
import { type IntegrationRow, loadIntegration, lockIntegration } from './integrations.ts';
import { judgeHeld, type TargetOutcome } from './push-target.ts';
import { integrationFor } from './registry.ts';
import { listWinning } from './rotation-warning.ts';
import { openToken } from './seal-token.ts';
import { integrationToWire } from './to-wire.ts';
import { valuesOf } from './values-of.ts';

/**
 * Checks whether each target that received the current version still holds it, and records the result. A target that holds
 * something else is reported the first time. Also records which targets hold values of their own. Changes nothing at the provider.
 * @throws {ClaimLost} where a later look has begun meanwhile: nothing of this one is written
 * @throws {IntegrationError} where the provider cannot be asked
 * @throws {SealBrokenError}
 */
export async function checkTargets(context: Context, row: IntegrationRow, project: ProjectRow, claim: SharedClaim): Promise<void> {
  const { version } = currentCredential(project);
  const variables = await valuesOf(project, readConfig(row.config).variables);
  const place = { token: await openToken(row), externalId: row.externalId, accountId: row.accountId };
  const adapter = integrationFor(row.provider);
  for (const target of row.targets.filter((one) => one.version === version)) {
    const held = await adapter.compareVariables(place, target.target, variables);
    await failpoint('drift.compared');
    await recordLook({ context, row, claim }, target, judgeHeld(held, variables.length));
  }
  const winning = await listWinning(adapter, place);
  if (winning) await recordWinning(row.id, winning, claim);
}

/** Nobody's change of the integration: `updated_at` stays. */
const recordWinning = (id: string, winning: OwnTarget[], claim: SharedClaim): Promise<void> =>
  db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    await tx.$executeRaw`UPDATE integrations SET own_targets = ${JSON.stringify(winning)}::jsonb WHERE id = ${id}`;
  });

type Target = IntegrationRow['targets'][number];

interface Look {
  context: Context;
  row: IntegrationRow;
  claim: SharedClaim;
}

/** Unless a sync has been here, or something was configured anew, since the row was read. */
async function recordLook({ context, row, claim }: Look, { target, version, syncId }: Target, { state, failureCode, refusals }: TargetOutcome) {
  const integration = { revision: row.revision, syncs: { none: { finishedAt: null } } };
  const where = { integrationId: row.id, target, version, syncId, integration };
  const found = { refusals: refusals.map((refusal) => ({ ...refusal })), checkedAt: storeTime() };
  const told = await db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    if (state !== 'drifted') {
      // What cannot be read says nothing of a value that was seen to be another one.
      const isSaid = state === 'unverified' ? { state: { not: 'drifted' as const } } : {};
      await tx.integrationTarget.updateMany({ where: { ...where, ...isSaid }, data: { state, failureCode, ...found, keptAt: null, keptBy: null } });
      return [];
    }
    const { count } = await tx.integrationTarget.updateMany({ where: { ...where, state: { not: state } }, data: { state, failureCode, ...found } });
    if (count === 0) {
      await tx.integrationTarget.updateMany({ where, data: found });
      return [];
    }
    const facts = { ...integrationFacts(row), target, version };
    await recordAudit(tx, context, { action: 'project.integration_drifted', projectId: row.projectId, target: integrationTarget(row), metadata: facts });
    const data = { ...facts, variables: refusals.map(({ name }) => name), error_code: failureCode };
    return recordEvent(tx, { organizationId: row.organizationId, projectId: row.projectId, type: 'integration.drifted', data });
  });
  await wakeDeliveries(told);
}

/** Between two looks by itself, less a fifth to more a fifth, so that they spread. */
const PERIOD_MS = 6 * 3_600_000;
/** After a look that the provider did not answer. */
const AGAIN_MS = 15 * 60_000;

export interface Plan {
  now: Date;
  /** From 0 up to, not including, 1. */
  random: () => number;
  /** Why the last look said nothing that only a person can fix. */
  failureCode?: SyncFailure;
  /** The provider did not answer: until when it asked to be left alone, or null. */
  away?: { retryAt: Date | null };
}

/** Sets when an integration is looked at next. Nobody's change of it: `updated_at` stays. */
export async function planDriftCheck(id: string, { now, random, failureCode, away }: Plan, tx: Tx = db): Promise<void> {
  const waitMs = (away ? AGAIN_MS : PERIOD_MS) * (0.8 + 0.4 * random());
  const nextAt = new Date(Math.max(now.getTime() + waitMs, away?.retryAt?.getTime() ?? 0));
  // Where the provider did not answer, what the look before found stands.
  await tx.$executeRaw`
    UPDATE integrations SET next_check_at = ${nextAt}::timestamptz,
      check_failure_code = CASE WHEN ${away !== undefined} THEN check_failure_code ELSE ${failureCode ?? null} END
    WHERE id = ${id}`;
}

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

/**
 * Takes note that what somebody changed at a provider is to stand, until the next rotation or a sync by hand writes over it.
 * @throws {DomainError} not_found, job_in_progress while a sync is in progress, conflict where there is nothing to keep
 */
export async function keepTheirs(context: Context, projectId: string, provider: Provider): Promise<IntegrationWire> {
  await db.$transaction(async (tx) => {
    const { id } = await loadIntegration(context, projectId, provider, tx);
    if (!(await lockIntegration(tx, id))) throw notFound('integration');
    const row = await loadIntegration(context, projectId, provider, tx);
    const [live] = row.syncs;
    if (live) throw new DomainError('job_in_progress', 'A sync of this integration is queued or in progress. Wait for its job.', { jobId: live.jobId });
    const drifted = row.targets.filter(({ state, keptAt }) => state === 'drifted' && keptAt === null).map(({ target }) => target);
    if (drifted.length === 0) throw new DomainError('conflict', 'There is no drift that is not kept already. Nothing was changed.');
    await tx.integrationTarget.updateMany({
      where: { integrationId: id, target: { in: drifted } },
      data: { keptAt: storeTime(), keptBy: context.actor.name },
    });
    await recordAudit(tx, context, {
      action: 'project.integration_kept',
      projectId,
      target: integrationTarget(row),
      metadata: { ...integrationFacts(row), targets: drifted },
    });
  });
  return integrationToWire(await loadIntegration(context, projectId, provider));
}
