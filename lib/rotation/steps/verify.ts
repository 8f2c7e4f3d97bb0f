import { setTimeout as delay } from 'node:timers/promises';
import { EngineError, type Login, type Probe } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import type { RotationFailure } from '#lib/logins/failure-codes.ts';
import { StepFailure, unknownFailure } from '#lib/logins/failures.ts';
import { MAX_ATTEMPTS, POOLER_RETRY_MS, REJECTED_RETRY_MS } from '#lib/logins/limits.ts';
import { keepProof, parseProofs } from '#lib/logins/proofs.ts';
import { bridges } from '#lib/rotation/attempt/changes.ts';
import { openNew } from '#lib/rotation/attempt/open-new.ts';
import { type Attempt, closeEarly, nextLogin, type OpenedNew } from '#lib/rotation/machine/attempt.ts';
import { moveRotation, type TimelineEntry } from '#lib/rotation/machine/move.ts';
import { provenAt, setCredentials } from '#lib/rotation/machine/writes.ts';
import { askOld } from './prove.ts';

/** verifying -> promoted. The new password must log in, directly and through the pooler; then Rekey hands it out. */
export async function verify(attempt: Attempt): Promise<void> {
  const hasPooler = attempt.target.pooled !== null;
  const pooling = hasPooler ? provePooled(attempt, nextLogin(attempt), 'pooler_refused_new', () => tellDirect(attempt)) : null;
  pooling?.catch(() => undefined);
  const opened = await openUntilSure(attempt);
  await failpoint('verify.direct-accepted');
  const pooled = await pooling?.catch((error: unknown) => Promise.reject(judgeSilence(attempt, error)));
  await failpoint('verify.pooled-accepted');
  // The old password is tried while the new one is being recorded, unless it is to end later.
  if (!bridges(attempt)) void askOld(attempt).catch(() => undefined);
  await promote(attempt, opened, pooled ?? null);
}

/**
 * Logs in with the new password. If the server keeps rejecting it although this very attempt changed it, the change is
 * undone at once by the session that made it: the server that answers may not be the one that was changed. If an
 * earlier attempt made the change, it is made again first.
 */
async function openUntilSure(attempt: Attempt): Promise<OpenedNew> {
  const isFresh = attempt.changedMark !== undefined;
  for (const [tries, waitMs] of (isFresh ? [0, ...REJECTED_RETRY_MS] : [0]).entries()) {
    await delay(waitMs);
    const opened = await openNew(attempt).catch((error: unknown) => {
      // What was rejected a moment ago stands where no more logins may be.
      if (tries > 0 && error instanceof EngineError && error.code === 'login_limit') return null;
      throw error;
    });
    if (opened) return opened;
  }
  if (!isFresh) await moveRotation(attempt, { to: 'applying' });
  throw new StepFailure('new_password_refused', !isFresh);
}

/**
 * What a silent pooler means while the new password works directly: Rekey does not wait for it as for a server. After
 * the last retry the stored URL has been wrong long enough, and the old password is restored.
 */
function judgeSilence({ row }: Attempt, error: unknown): unknown {
  const isLast = row.attempts >= MAX_ATTEMPTS || row.deadlineAt < storeTime();
  return error instanceof StepFailure && (isLast || error.isUnavailable) ? new StepFailure(error.code, !isLast, { endpoint: error.endpoint }) : error;
}

const directOk = ({ target }: Attempt, { durationMs }: Probe): TimelineEntry => ({
  kind: 'direct_ok',
  detail: { host: target.direct.host, port: target.direct.port },
  durationMs,
});

/** Already recorded if the pooler had to be retried. */
const isDirectTold = ({ row }: Attempt): boolean => parseProofs(row.proofs).new?.direct !== undefined;

/** While the pooler is retried for seconds, the timeline shows that the new password works directly. */
async function tellDirect(attempt: Attempt): Promise<void> {
  const opened = await openNew(attempt);
  if (!opened || isDirectTold(attempt) || attempt.isOver) return;
  keepProof(attempt, 'new', 'direct', opened.probe);
  await moveRotation(attempt, {
    to: 'verifying',
    steps: [directOk(attempt, opened.probe), { kind: 'retrying', detail: { code: 'pooler_refused_new', endpoint: 'pooled' } }],
  });
}

async function promote(attempt: Attempt, { probe: direct, session }: OpenedNew, pooled: Probe | null): Promise<void> {
  const { row } = attempt;
  const steps = isDirectTold(attempt) ? [] : [directOk(attempt, direct)];
  keepProof(attempt, 'new', 'direct', direct);
  if (pooled) {
    keepProof(attempt, 'new', 'pooled', pooled);
    steps.push({ kind: 'pooled_ok', durationMs: pooled.durationMs });
  }
  // How long the URL in the store was wrong; unknown after a crash.
  const windowMs = attempt.changedMark && performance.now() - attempt.changedMark;
  if (row.kind === 'rotate') steps.push({ kind: 'promoted', ...(windowMs && { durationMs: windowMs }) });
  await moveRotation(attempt, {
    to: 'promoted',
    data: { firstConnectionId: session?.connectionId == null ? null : BigInt(session.connectionId) },
    steps,
    with: [
      ...(row.kind === 'rotate' ? [setCredentials([row.fromCredentialId], 'retiring')] : []),
      setCredentials([row.toCredentialId ?? ''], 'current', provenAt(direct.at, pooled?.at ?? null)),
    ],
  });
  await failpoint('promote.committed');
  // If the role changed its own password, this is a session of the old password.
  if (attempt.held.operator) closeEarly(attempt, attempt.held.operator);
  delete attempt.held.operator;
}

/**
 * Logs in through the pooler until it accepts, a bounded number of times: a pooler may remember an earlier rejection
 * for a while. Throws StepFailure with the given code if it keeps rejecting.
 */
export async function provePooled(attempt: Attempt, login: Login, refused: RotationFailure, onRefused?: () => Promise<void>): Promise<Probe> {
  const { undoReason } = attempt.row;
  for (const [tries, waitMs] of [0, ...POOLER_RETRY_MS].entries()) {
    await delay(waitMs);
    // The attempt has failed elsewhere meanwhile, or is being undone: no more rejected logins for it.
    if (attempt.isOver || attempt.row.undoReason !== undoReason) break;
    const probe = await attempt.engine.probe(attempt.target, 'pooled', login);
    if (probe.verdict === 'accepted') return probe;
    if (tries > 0 && probe.verdict === 'unknown' && probe.failure === 'login_limit') break;
    if (probe.verdict === 'unknown') throw unknownFailure(probe, 'pooled');
    await onRefused?.();
  }
  // While both are valid nobody is locked out, and a proxy may yet copy the new one.
  throw new StepFailure(refused, refused === 'pooler_refused_new' && bridges(attempt));
}
