import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { currentCredential, type ProjectRow } from '#lib/logins/load-project.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { holdClaim, type SharedClaim } from '#lib/queue/claim.ts';
import { readConfig } from './config.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import type { OwnTarget } from './integration.ts';
import { listWinning } from './list-winning.ts';
import type { IntegrationRow } from './load-integration.ts';
import { judgeHeld, type TargetOutcome } from './push-target.ts';
import { integrationFor } from './registry.ts';
import { openToken } from './seal-token.ts';
import { valuesOf } from './values-of.ts';

/**
 * Checks whether each target that received the current version still holds it, and records the result. A target that holds
 * something else is reported the first time. Also records which targets hold values of their own. Changes nothing at the provider.
 * @throws {ClaimLost} where a later look has begun meanwhile: nothing of this one is written
 * @throws {IntegrationError} where the provider cannot be asked
 * @throws {SealBrokenError}
 */
export async function lookAtTargets(context: Context, row: IntegrationRow, project: ProjectRow, claim: SharedClaim): Promise<void> {
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
