import { generatePassword } from '#lib/crypto/password.ts';
import { type Endpoint, EngineError, type Login, type Probe } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { requireVerdict, StepFailure } from '#lib/logins/failures.ts';
import { mayFailLogins } from '#lib/logins/limits.ts';
import { type Answers, probeEverywhere } from '#lib/logins/probe.ts';
import { keepProof, seenRejection } from '#lib/logins/proofs.ts';
import { bridges, changeToNew, oldOnes } from '#lib/rotation/attempt/changes.ts';
import { openNew } from '#lib/rotation/attempt/open-new.ts';
import { openOperator, unblock } from '#lib/rotation/attempt/operator.ts';
import { type AskedOld, type Attempt, closeEarly, nextLogin } from '#lib/rotation/machine/attempt.ts';
import { moveRotation, type TimelineEntry } from '#lib/rotation/machine/move.ts';
import { type Completion, complete } from '#lib/rotation/machine/settle.ts';
import { countSessions, sessionCutOf } from '#lib/rotation/sessions/session-cut.ts';
import { writeConfigFiles } from '#lib/wp-config/write-config-files.ts';

/**
 * promoted -> completed. The files that hold the password are written first, since they are wrong until then. The old
 * password must be rejected wherever it was accepted; sessions are ended or counted.
 */
export async function prove(attempt: Attempt): Promise<void> {
  const { row, engine, rotator } = attempt;
  // Before anything that may have to wait: until the files are written, the application has the old password.
  const written = row.kind === 'rotate' ? await writeFiles(attempt) : [];
  await failpoint('prove.written');
  if (bridges(attempt)) await endBridge(attempt);
  // An attempt that died may have changed only some of several accounts.
  else if (engine.changesAccountsOneByOne && rotator && attempt.changedMark === undefined) await sendAgain(attempt);
  const started = performance.now();
  if (row.errorCode !== null) await requireLogins(attempt);
  const [sessions] = await Promise.all([handleSessions(attempt), proveOld(attempt)]);
  await failpoint('prove.refused');
  const blocked = await endWithAccepted(attempt);
  const kept = row.kind === 'rotate' && row.keeps.includes(row.fromCredential.version);
  await complete(attempt, oldOnes(attempt), {
    ...sessions,
    rotatorName: rotator?.user ?? null,
    steps: [...written, { kind: kept ? 'old_kept' : 'old_refused', durationMs: performance.now() - started }, ...sessions.steps, ...blocked],
  });
}

async function writeFiles({ row }: Attempt): Promise<TimelineEntry[]> {
  const started = performance.now();
  const { count, alsoIn } = await writeConfigFiles(systemContext(row.organizationId), row.databaseId);
  const detail = { count, ...(alsoIn.length > 0 && { also_in: alsoIn }) };
  return count === 0 ? [] : [{ kind: 'config_written', detail, durationMs: performance.now() - started }];
}

/** Sends the same verifiers again, which changes nothing if they have arrived. */
async function sendAgain(attempt: Attempt): Promise<Date | null> {
  const operator = await openOperator(attempt);
  const { changedAt } = await operator.changePassword({ ...changeToNew(attempt), onTransaction: () => moveRotation(attempt, { to: attempt.row.state }) });
  closeEarly(attempt, operator);
  return changedAt;
}

/**
 * Ends the time in which both passwords are valid. Sessions with the old one may have begun until now: from here on
 * the first login with the new one marks the boundary, and the few with the new one before it count as old.
 */
async function endBridge(attempt: Attempt): Promise<void> {
  const changedAt = await sendAgain(attempt);
  const before = await openNew(attempt);
  if (before?.session) closeEarly(attempt, before.session);
  attempt.held.opening = undefined;
  const id = (await openNew(attempt))?.session?.connectionId;
  await moveRotation(attempt, { to: attempt.row.state, data: { changedAt, firstConnectionId: id == null ? null : BigInt(id) } });
}

/**
 * Logs in with the new password once more if failed logins, of old clients or of Rekey, count against the account:
 * that resets their count, and the rotator unblocks an account that they have blocked. Returns the timeline entries
 * still to be written.
 */
async function endWithAccepted(attempt: Attempt): Promise<TimelineEntry[]> {
  const { engine, target, rotator } = attempt;
  if (!engine.limitsFailedLogins || (await limitOf(attempt)) === null) return [];
  const isBlocked = async () => {
    const probe = await engine.probe(target, 'direct', nextLogin(attempt));
    return probe.verdict === 'unknown' && probe.failure === 'account_blocked';
  };
  if (!(await isBlocked())) return [];
  if (rotator) await unblock(attempt);
  return rotator && !(await isBlocked()) ? [] : [{ kind: 'account_blocked' }];
}

/** How many failed logins block the account, read once per attempt; null if none do. */
async function limitOf(attempt: Attempt): Promise<number | null> {
  if (attempt.failedLoginLimit === undefined) attempt.failedLoginLimit = (await (await openNew(attempt))?.session?.inspect())?.failedLoginLimit ?? null;
  return attempt.failedLoginLimit;
}

/** Before old passwords are tried again: logins must be accepted everywhere, so that waiting for a pooler makes no failed ones. */
async function requireLogins(attempt: Attempt): Promise<void> {
  const { engine, target, held } = attempt;
  if (target.pooled === null || held.asked !== undefined) return;
  requireVerdict({ endpoint: 'pooled', probe: await engine.probe(target, 'pooled', nextLogin(attempt)) }, 'accepted', 'pooler_refused_new', true);
}

/**
 * Finds out whether the old passwords are rejected wherever they were accepted, and a random wrong one too if the old one
 * stays valid. Once per attempt, by the first caller.
 */
export function askOld(attempt: Attempt): Promise<AskedOld[]> {
  attempt.held.asked ??= askAll(attempt);
  return attempt.held.asked;
}

async function askAll(attempt: Attempt): Promise<AskedOld[]> {
  const { current, row } = attempt;
  const shown = await shownVerifier(attempt);
  const rejected = (name: string) => ({ expected: { name, isFinal: true } });
  const asks = oldOnes(attempt)
    // Versions of earlier rotations that stay valid were proven by their own rotation.
    .filter(({ isKept, id }) => !isKept || id === row.fromCredentialId)
    .map(({ user, password, isKept, version }) => ({
      password: 'old' as const,
      isKept,
      // An endpoint that shows the new password's verifier holds no other: the login ends there, and none has failed.
      login: { user, password, ...(!isKept && { others: shown === null ? [] : [shown], ...rejected(`old ${version}`) }) },
    }));
  const wrong = {
    password: 'wrong' as const,
    isKept: false,
    login: { user: current.user, password: generatePassword(), ...rejected('wrong after the change') },
  };
  const all = [...asks, ...(row.keeps.length > 0 ? [wrong] : [])];
  const [only] = all;
  const before = all.length === 1 && only && !only.isKept ? seenRejected(attempt) : [];
  // What stands behind the direct address has shown it already, unless other servers may stand there too.
  const proven: Answers =
    shown !== null && attempt.isAlone === true
      ? [{ endpoint: 'direct', probe: { verdict: 'refused', by: 'handshake', at: storeTime(), durationMs: 0 } }]
      : before.filter(({ endpoint }) => endpoint === 'direct');
  const seen = [...proven, ...before.filter(({ endpoint }) => endpoint === 'pooled')];
  return Promise.all(
    all.map(async ({ login, ...ask }) => {
      const known = ask.isKept ? [] : seen;
      return { ...ask, answers: [...known, ...(await askOne(attempt, login, ask.isKept, known))] };
    }),
  );
}

/**
 * The new password's verifier, where the server has signed a direct login with it and shown the salt that was drawn for
 * it. It holds one verifier for a role, so the old password's is gone there. Null where nothing of that is proven.
 */
async function shownVerifier(attempt: Attempt): Promise<string | null> {
  const { engine } = attempt;
  const { verifier } = nextLogin(attempt);
  if (!engine.shows || verifier === null) return null;
  // What kept the login from an answer is judged where its session is needed.
  const opened = await openNew(attempt).catch(() => null);
  const handshake = opened?.probe.verdict === 'accepted' ? opened.probe.handshake : undefined;
  return handshake && engine.shows(handshake, verifier) ? verifier : null;
}

/** Where an earlier attempt has seen the one old password rejected after the change: no failed login is made for that again. */
function seenRejected(attempt: Attempt): Answers {
  const { state, toCredential } = attempt.row;
  // Until the new one is given out the old one may be put back.
  if (state !== 'promoted' && !(state === 'needs_attention' && toCredential?.state === 'current')) return [];
  return (['direct', 'pooled'] as const).flatMap((endpoint) => {
    const probe = seenRejection(attempt, 'old', endpoint);
    return probe ? [{ endpoint, probe }] : [];
  });
}

/** Tries an old password by a login. Where failed logins would block the account, one that must fail is read from the account instead. */
async function askOne(attempt: Attempt, login: Login, isKept: boolean, seen: Answers): Promise<Answers> {
  const isBlocking = (probe: Probe) => probe.verdict === 'unknown' && probe.failure === 'account_blocked';
  const isAsked = (endpoint: Endpoint) => !seen.some((one) => one.endpoint === endpoint);
  if (!attempt.engine.limitsFailedLogins) return probeEverywhere(attempt, login, isAsked);
  if (seen.some(({ probe }) => probe.verdict === 'refused' && probe.by === 'account')) return [];
  const mayFail = isKept || mayFailLogins(await limitOf(attempt));
  const answers = mayFail ? await probeEverywhere(attempt, login, isAsked) : [];
  if (mayFail && !answers.some(({ probe }) => isBlocking(probe))) return answers;
  return [{ endpoint: 'direct', probe: await readRefusal(attempt, login) }];
}

/** Whether the account still accepts a password, as the session of the new one reads it. */
async function readRefusal(attempt: Attempt, { password }: Login): Promise<Probe> {
  const started = performance.now();
  const session = (await openNew(attempt))?.session;
  const verifiers = await session?.verifiers?.();
  const common = { at: storeTime(), durationMs: performance.now() - started };
  if (!verifiers) return { ...common, verdict: 'unknown', failure: 'account_blocked' };
  const isHeld = verifiers.some((verifier) => attempt.engine.isOf?.(verifier, password) ?? true);
  return isHeld ? { ...common, verdict: 'accepted' } : { ...common, verdict: 'refused', by: 'account' };
}

async function proveOld(attempt: Attempt): Promise<void> {
  const asked = await askOld(attempt);
  for (const { isKept, answers } of asked)
    for (const answer of answers)
      if (isKept) requireVerdict(answer, 'accepted', 'kept_password_refused', true);
      else requireVerdict(answer, 'refused', 'old_password_accepted', true);
  for (const { password, answers } of asked) for (const { endpoint, probe } of answers) keepProof(attempt, password, endpoint, probe);
}

/** The new password is proven either way: a missing right to end sessions does not fail the rotation. */
function unlessDenied(error: unknown): null {
  if (error instanceof EngineError && error.code === 'sessions_denied') return null;
  throw error;
}

/** Ends the sessions of the old password if requested, and counts those that remain. */
async function handleSessions(attempt: Attempt): Promise<Omit<Completion, 'rotatorName'>> {
  const { row } = attempt;
  const none = { sessionsEnded: null, sessionsLeft: null, rescanAt: null, steps: [] };
  // A retirement separates no sessions: they were opened with any of the passwords.
  if (row.kind === 'retire') return none;
  const opened = await openNew(attempt);
  const cut = sessionCutOf(row);
  if (!opened) throw new StepFailure('new_password_refused', true);
  // The new password is proven and its consumers must be updated: only the sessions cannot be told apart.
  if (!cut) return { ...none, steps: [{ kind: 'sessions_unknown', detail: { code: 'clock_missing' } }] };
  const { session } = opened;
  if (!session) {
    if (row.closeSessions) throw new StepFailure('server_full', true);
    return none;
  }
  if (!row.closeSessions) return { ...none, sessionsLeft: await countSessions(session, row, cut) };
  const started = performance.now();
  const sessionsEnded = await session.endSessions(cut).catch(unlessDenied);
  if (sessionsEnded === null)
    return { ...none, sessionsLeft: await countSessions(session, row, cut), steps: [{ kind: 'sessions_unknown', detail: { code: 'sessions_denied' } }] };
  const { authenticationTimeoutSeconds } = await session.inspect();
  return {
    sessionsEnded,
    sessionsLeft: await countSessions(session, row, cut),
    // A login begun before the change may still finish with the old password.
    rescanAt: new Date(cut.at.getTime() + authenticationTimeoutSeconds * 1000),
    steps: [{ kind: 'sessions_ended', detail: { count: sessionsEnded }, durationMs: performance.now() - started }],
  };
}
