import type { IntegrationTarget, Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { ClaimLost, holdClaim } from '#lib/queue/claim.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { SyncAttempt } from './claim-work.ts';
import { planDriftCheck } from './drift.ts';
import { integrationFacts, integrationTarget } from './facts.ts';
import { failureText, isRetryable, isSyncFailure, type SyncFailure } from './failures.ts';
import { lockIntegration } from './integrations.ts';
import { isSettled } from './is-settled.ts';
import { mayRedeploy } from './may-redeploy.ts';
import { type QueuedSync, queueRedeployment, queueSync, wakeRedeployment, wakeSyncs } from './queue-work.ts';
import { nextAttemptAt } from './retry-at.ts';

/** Writes the events of a sync's end, in the transaction that ends it. Answers what wakes a worker once that has committed. */
async function recordSyncEnded(
  tx: Tx,
  { row, version }: SyncAttempt,
  targets: IntegrationTarget[],
  errorCode: SyncFailure | null,
): Promise<Message<'webhook.deliver'>[]> {
  const { organizationId, projectId } = row.integration;
  const about = { organizationId, projectId };
  const facts = { ...integrationFacts(row.integration), version, requested_by: row.job.requestedBy, ...(errorCode && { error_code: errorCode }) };
  const held = targets.map(({ target, state, version: holds, failureCode }) => ({
    target,
    state,
    version: holds,
    ...(failureCode && { error_code: failureCode }),
  }));
  const job = { job_id: row.jobId, job_type: 'integration.sync_env', ...facts };
  return [
    ...(await recordEvent(tx, {
      ...about,
      type: errorCode ? 'integration.failed' : 'integration.synced',
      data: { job_id: row.jobId, ...facts, targets: held },
    })),
    ...(await recordEvent(tx, { ...about, type: errorCode ? 'job.failed' : 'job.completed', data: job })),
  ];
}

/**
 * Has a deployment begun, where that was chosen, as soon as one target holds the new password: waiting for the others
 * would leave what runs there with the old one. Once for each version and configuration.
 */
async function redeployIfChosen(tx: Tx, { row, version }: SyncAttempt, targets: IntegrationTarget[]): Promise<Message<'integration.redeploy'>[]> {
  const { integration } = row;
  const isBrought = targets.some((target) => target.syncId === row.id && target.version === version && target.state !== 'failed' && target.state !== 'drifted');
  if (integration.redeploy === 'manual' || !isBrought || !mayRedeploy(integration)) return [];
  const asked = await tx.redeployment.findFirst({ where: { integrationId: integration.id, version, createdAt: { gte: integration.revisedAt } } });
  return asked ? [] : [await queueRedeployment(tx, integration, { version, requestedBy: 'rekey' })];
}

interface Moment {
  /** Until when the provider asked to be left alone. */
  retryAt: Date | null;
  now: Date;
  random: () => number;
}

/** What has to be woken once the transaction has committed. */
interface Aftermath {
  told: Message<'webhook.deliver'>[];
  next: QueuedSync[];
  redeploy: Message<'integration.redeploy'>[];
}

/**
 * Decides, after a try, whether the sync has ended or is tried again, and writes it with its audit row and its events.
 * Where a newer password or another configuration has come meanwhile, the next sync is queued in the same transaction.
 * Throws ClaimLost where somebody newer has the sync.
 */
export async function settleSync(attempt: SyncAttempt, moment: Moment): Promise<void> {
  const { told, next, redeploy } = await db.$transaction((tx) => settle(tx, attempt, moment));
  await failpoint('sync.settled');
  await Promise.all([wakeDeliveries(told), wakeSyncs(next), ...redeploy.map(wakeRedeployment)]);
}

async function settle(tx: Tx, attempt: SyncAttempt, moment: Moment): Promise<Aftermath> {
  const { row, version } = attempt;
  const { integration } = row;
  if (!(await lockIntegration(tx, integration.id))) throw new ClaimLost();
  await holdClaim(tx, attempt.claim);
  const [targets, isOvertaken] = await Promise.all([
    tx.integrationTarget.findMany({ where: { integrationId: integration.id }, orderBy: { target: 'asc' } }),
    wasOvertaken(tx, attempt),
  ]);
  const isOver = targets.every((target) => isSettled(target, { syncId: row.id, version }));
  const nextAt = nextAttemptAt(row.attempts, moment.now, moment.retryAt, moment.random);
  const redeploy = isOvertaken ? [] : await redeployIfChosen(tx, attempt, targets);
  if (!isOver && (isOvertaken || nextAt)) return { told: [], redeploy, next: await tryAgain(tx, attempt, targets, { ...moment, nextAt, isOvertaken }) };
  const told = await finish(tx, attempt, targets, moment.now);
  return { told, redeploy, next: isOvertaken ? [await queueNext(tx, row)] : [] };
}

/** Whether what was brought is not what is to be there now. */
async function wasOvertaken(tx: Tx, { row: { integration }, version }: SyncAttempt): Promise<boolean> {
  const now = await tx.integration.findUniqueOrThrow({
    where: { id: integration.id },
    include: { project: { include: { database: { include: { credentials: { where: { state: 'current' } } } } } } },
  });
  return now.revision !== integration.revision || now.project.database.credentials[0]?.version !== version;
}

/** What was changed there before this sync came is spared by the next one too. */
const queueNext = (tx: Tx, { id, integration }: SyncAttempt['row']): Promise<QueuedSync> =>
  queueSync(tx, integration, 'rekey', { state: 'drifted', syncId: { not: id } });

type Retry = Moment & { nextAt: Date | null; isOvertaken: boolean };

/** Writes the sync's own row, which the transaction holds, and lets go of it. */
const writeSync = (tx: Tx, { row }: SyncAttempt, data: Prisma.SyncUpdateInput) =>
  tx.sync.update({ where: { id: row.id }, data: { ...data, claimedBy: null, leaseUntil: null } });

async function tryAgain(tx: Tx, attempt: SyncAttempt, targets: IntegrationTarget[], { nextAt, retryAt, isOvertaken, now }: Retry): Promise<QueuedSync[]> {
  const { row } = attempt;
  // A newer password begins anew with all tries before it; it too leaves the provider alone as long as that asked for.
  await writeSync(tx, attempt, { nextAttemptAt: nextAt ?? now, notBefore: retryAt });
  const errorCode = firstFailure(targets) ?? 'rate_limited';
  await tx.job.update({
    where: { id: row.jobId },
    data: { error: failureText(errorCode, { isOver: false }), errorCode, retryClassification: 'transient' },
  });
  return isOvertaken ? [await queueNext(tx, row)] : [];
}

/** The failure that most needs a person: one that does not pass comes first. */
function firstFailure(targets: IntegrationTarget[]): SyncFailure | null {
  const codes = targets.map(({ failureCode }) => failureCode).filter((code): code is SyncFailure => code !== null && isSyncFailure(code));
  return codes.find((code) => !isRetryable(code)) ?? codes[0] ?? null;
}

async function finish(tx: Tx, attempt: SyncAttempt, found: IntegrationTarget[], now: Date): Promise<Message<'webhook.deliver'>[]> {
  const { row, version } = attempt;
  const { id: integrationId, organizationId, projectId } = row.integration;
  await writeSync(tx, attempt, { finishedAt: now });
  // Those that a provider's limit kept from being tried until the tries were used up.
  const untried: SyncFailure = 'rate_limited';
  await tx.integrationTarget.updateMany({ where: { integrationId, state: 'pending' }, data: { state: 'failed', failureCode: untried, syncId: row.id } });
  const targets = found.map((target) => (target.state === 'pending' ? { ...target, state: 'failed' as const, failureCode: untried } : target));
  // What was found changed before this sync, and spared by it, is no failure of it.
  const mine = targets.filter(({ syncId, state }) => state !== 'drifted' || syncId === row.id);
  const errorCode = mine.some(({ state }) => state === 'failed' || state === 'drifted') ? (firstFailure(mine) ?? untried) : null;
  // It has just looked itself.
  await planDriftCheck(integrationId, { now, random: Math.random }, tx);
  const ending = errorCode
    ? {
        state: 'failed' as const,
        error: failureText(errorCode, { isOver: true }),
        errorCode,
        retryClassification: isRetryable(errorCode) ? 'transient' : 'terminal',
      }
    : { state: 'completed' as const, error: null, errorCode: null, retryClassification: null };
  await tx.job.update({ where: { id: row.jobId }, data: { ...ending, completedAt: now } });
  await recordAudit(tx, systemContext(organizationId), {
    action: errorCode ? 'project.integration_sync_failed' : 'project.integration_synced',
    projectId,
    target: integrationTarget(row.integration),
    reason: ending.error ?? undefined,
    metadata: { ...integrationFacts(row.integration), job_id: row.jobId, version, ...(errorCode && { code: errorCode }) },
  });
  return recordSyncEnded(tx, attempt, targets, errorCode);
}
