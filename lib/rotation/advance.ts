import { storeTime } from '#lib/kernel/clock.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { log } from '#lib/kernel/log.ts';
import { reportUnforeseen } from '#lib/kernel/report-unforeseen.ts';
import { asStepFailure, detailOf, isAboutServer, StepFailure } from '#lib/logins/failures.ts';
import { backoffMs, MAX_ATTEMPTS, patienceMs } from '#lib/logins/limits.ts';
import { takeOverProvenKey } from '#lib/logins/trust-keys.ts';
import { ClaimLost } from '#lib/queue/claim.ts';
import { type Attempt, type Claimed, closeAttempt, loadClaimed, openAttempt } from './machine/attempt.ts';
import { claimRotation, releaseRotation } from './machine/claim.ts';
import { moveRotation } from './machine/move.ts';
import { fail, needAttention } from './machine/settle.ts';
import { isFinal, mayHaveBeenSent } from './machine/states.ts';
import { apply } from './steps/apply.ts';
import { prove } from './steps/prove.ts';
import { stage } from './steps/stage.ts';
import { undo } from './steps/undo.ts';
import { verify } from './steps/verify.ts';

/** The result of one attempt: it ended, or is to be retried after `retryMs`. Null if nothing could be claimed. */
export type AdvanceOutcome = { retryMs: number | null } | null;

/**
 * One attempt at a rotation: claims it and takes step after step until it ends, must wait, or a newer attempt has it.
 * Any number of workers may call this for any rotation at any time.
 */
export async function advanceRotation(id: string, workerId: string): Promise<AdvanceOutcome> {
  const claim = await claimRotation(id, workerId);
  if (!claim) return null;
  await failpoint('rotation.claimed');
  let claimed: Claimed | undefined;
  try {
    claimed = await loadClaimed(db, id, claim.fence);
    return { retryMs: await makeAttempt(claimed) };
  } catch (error) {
    if (error instanceof ClaimLost) return null;
    throw error;
  } finally {
    // The move that ended a rotation has already released its claim.
    if (!claimed || !isFinal(claimed.row.state)) await releaseRotation(id, claim.fence, claimed?.row.proofs);
  }
}

async function makeAttempt(claimed: Claimed): Promise<number | null> {
  let attempt: Attempt;
  try {
    attempt = await openAttempt(claimed);
  } catch (error) {
    const failure = asStepFailure(error);
    if (!failure) throw error;
    return handleFailure(claimed, failure);
  }
  try {
    return await takeSteps(attempt);
  } finally {
    await closeAttempt(attempt);
  }
}

function nextStep({ row }: Attempt): ((attempt: Attempt) => Promise<void>) | null {
  switch (row.state) {
    case 'requested':
      return stage;
    case 'staged':
      return apply;
    case 'applying':
      return row.undoReason ? undo : apply;
    case 'verifying':
      return row.undoReason ? undo : verify;
    case 'promoted':
      return prove;
    case 'needs_attention':
      if (row.undoReason) return undo;
      return row.toCredential?.state === 'current' ? prove : apply;
    case 'completed':
    case 'failed':
      return null;
  }
}

async function takeSteps(attempt: Attempt): Promise<number | null> {
  const { row } = attempt;
  if (!mayHaveBeenSent(row.state)) {
    if (row.deadlineAt < storeTime()) await fail(attempt, new StepFailure('deadline_passed', true));
    // Every attempt so far was interrupted without a result: the login is not tried once more for nothing.
    else if (row.attempts > MAX_ATTEMPTS) await fail(attempt, new StepFailure('unforeseen', true));
  }
  for (let step = nextStep(attempt); step; step = nextStep(attempt)) {
    try {
      await step(attempt);
    } catch (error) {
      const failure = asStepFailure(error) ?? overdue(attempt, error);
      if (!failure) throw error;
      log.info({ rotation: row.id, state: row.state, code: failure.code, transient: failure.transient }, 'step failed');
      const retryMs = (await hasProvenKey(attempt, failure)) ? await retryLater(attempt, failure) : await handleFailure(attempt, failure);
      if (retryMs !== null) return retryMs;
    }
  }
  return null;
}

/** Whether the server has proven another key by channel binding, so that the step can be retried with it. */
async function hasProvenKey({ row, target, current, next }: Attempt, { code, otherKey }: StepFailure): Promise<boolean> {
  if (code !== 'server_key_changed' || otherKey?.endpoint !== 'direct' || otherKey.kind !== 'tls') return false;
  return takeOverProvenKey(row.database, row.job.projectId, target, next && mayHaveBeenSent(row.state) ? [next, current] : [current]);
}

/** Once a change may have been sent, each further check costs a failed login if the server answers, so it counts. */
const mayWait = ({ row }: Claimed, { code, isUnavailable }: StepFailure): boolean =>
  row.state !== 'needs_attention' && isUnavailable && (!mayHaveBeenSent(row.state) || (code !== 'timed_out' && code !== 'connection_cut'));

const mayTryAgain = ({ row }: Claimed, { transient }: StepFailure): boolean =>
  row.state !== 'needs_attention' && transient && row.attempts < MAX_ATTEMPTS && storeTime() < row.deadlineAt;

/** Decides what a failed step means. Returns the wait before the next attempt in ms, or null to continue at once. */
async function handleFailure(claimed: Claimed, failure: StepFailure): Promise<number | null> {
  const { row } = claimed;
  const { code, transient } = failure;
  if (mayWait(claimed, failure)) {
    const waitMs = patienceMs(row.deadlineAt);
    if (waitMs !== null) return waitForServer(claimed, failure, waitMs);
  } else if (!failure.retryAt && mayTryAgain(claimed, failure)) return retryLater(claimed, failure);
  if (!mayHaveBeenSent(row.state)) {
    await fail(claimed, failure);
    return null;
  }
  const isChanging = row.state === 'applying' || row.state === 'verifying';
  // Nothing can be restored without a login, nor without the old password.
  if (isChanging && !transient && !row.undoReason && code !== 'both_refused' && code !== 'secret_unreadable' && !isAboutServer(code)) {
    await moveRotation(claimed, { to: row.state, data: { undoReason: code, errorCode: code }, steps: [{ kind: 'undoing', detail: detailOf(failure) }] });
    return null;
  }
  await needAttention(claimed, failure);
  return Math.max(0, row.nextAttemptAt.getTime() - storeTime().getTime());
}

/** After an internal error the next attempt starts after the wait that its claim has set. Past the last attempt or the deadline the rotation is settled. */
function overdue({ row }: Claimed, error: unknown): StepFailure | null {
  if (error instanceof ClaimLost || (row.deadlineAt > storeTime() && row.attempts < MAX_ATTEMPTS)) return null;
  reportUnforeseen(row.id, error);
  return new StepFailure('unforeseen', true);
}

/**
 * The server accepted no login, so nothing was tried: it does not count as an attempt, and retries continue until the
 * deadline. Each reason is recorded once.
 */
async function waitForServer(claimed: Claimed, failure: StepFailure, waitMs: number): Promise<number> {
  const { row } = claimed;
  const { code } = failure;
  const isNews = row.errorCode !== code;
  await moveRotation(claimed, {
    to: row.state,
    data: { errorCode: code, attempts: Math.max(0, row.attempts - 1), nextAttemptAt: storeTime(waitMs) },
    steps: isNews ? [{ kind: 'waiting', detail: detailOf(failure) }] : [],
    also: isNews ? (tx) => tx.job.update({ where: { id: row.jobId }, data: { retryClassification: 'transient' } }) : undefined,
  });
  return waitMs;
}

async function retryLater(attempt: Claimed, failure: StepFailure): Promise<number> {
  const { row } = attempt;
  const waitMs = backoffMs(row.attempts);
  await moveRotation(attempt, {
    to: row.state,
    data: { errorCode: failure.code, nextAttemptAt: storeTime(waitMs) },
    steps: [{ kind: 'retrying', detail: { ...detailOf(failure), wait_ms: waitMs, attempt: row.attempts } }],
    also: (tx) => tx.job.update({ where: { id: row.jobId }, data: { retryClassification: 'transient' } }),
  });
  return waitMs;
}
