import { SealBrokenError } from '#lib/crypto/key-encryption-key.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { ClaimLost } from '#lib/queue/claim.ts';
import { claimSync, loadAttempt, type SyncAttempt } from './claim-work.ts';
import { readConfig } from './config.ts';
import { recordTarget, renewClaim } from './drift.ts';
import type { Integration, Place, Variable } from './integration.ts';
import { lockIntegration } from './integrations.ts';
import { isSettled } from './is-settled.ts';
import { pushTarget, type TargetOutcome } from './push-target.ts';
import { queueSync, wakeSyncs } from './queue-work.ts';
import { integrationFor } from './registry.ts';
import { openToken } from './seal-token.ts';
import { settleSync } from './settle-sync.ts';
import { valuesOf } from './values-of.ts';

export interface Chance {
  clock: () => Date;
  /** From 0 up to, not including, 1. */
  random: () => number;
}

/**
 * One try at a sync: claims it, brings the password of now to each target that does not hold it yet, target by target,
 * and settles what is to come. May be called for any sync at any time, by any number of workers; a crash anywhere in it
 * leads to one more try.
 */
export async function syncIntegration(id: string, workerId: string, chance: Chance = { clock: storeTime, random: Math.random }): Promise<void> {
  const claim = await claimSync(id, workerId);
  if (!claim) return;
  await failpoint('sync.claimed');
  try {
    const attempt = await loadAttempt(claim);
    const retryAt = await pushAll(attempt, chance.clock);
    await settleSync(attempt, { retryAt, now: chance.clock(), random: chance.random });
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error;
  }
}

/** Pushes target after target. Answers until when the provider asked to be left alone. */
async function pushAll(attempt: SyncAttempt, clock: () => Date): Promise<Date | null> {
  const { row, version } = attempt;
  const due = row.integration.targets.filter((target) => !isSettled(target, { syncId: row.id, version }));
  const opened = await openAll(attempt);
  for (const { target } of due) {
    await renewClaim(attempt);
    const outcome = opened ? await pushTarget(opened.adapter, opened.place, target, opened.variables) : UNREADABLE;
    await failpoint('sync.compared');
    await record(attempt, target, outcome, clock());
    await failpoint('sync.recorded');
    if (outcome.retryAt) return outcome.retryAt;
  }
  return null;
}

const UNREADABLE: TargetOutcome = { state: 'failed', wasTaken: false, failureCode: 'secret_unreadable', refusals: [], retryAt: null };

/** The secrets of a try, in memory; null where one does not open. */
async function openAll({ row: { integration } }: SyncAttempt): Promise<{ adapter: Integration; place: Place; variables: Variable[] } | null> {
  try {
    return {
      adapter: integrationFor(integration.provider),
      place: { token: await openToken(integration), externalId: integration.externalId, accountId: integration.accountId },
      variables: await valuesOf(integration.project, readConfig(integration.config).variables),
    };
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}

async function record(attempt: SyncAttempt, target: string, outcome: TargetOutcome, at: Date): Promise<void> {
  try {
    await recordTarget(attempt, target, outcome, at);
  } catch (error) {
    if (error instanceof ClaimLost) await repair(attempt, target);
    throw error;
  }
}

/** This worker stood still and another one went on: what was put just now may be older than what that one has put. */
async function repair({ row: { integration } }: SyncAttempt, target: string): Promise<void> {
  const spared = { state: 'drifted', target: { not: target } } as const;
  const queued = await db.$transaction(async (tx) => ((await lockIntegration(tx, integration.id)) ? queueSync(tx, integration, 'rekey', spared) : null));
  if (queued) await wakeSyncs([queued]);
}
