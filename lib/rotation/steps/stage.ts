import { generatePassword } from '#lib/crypto/password.ts';
import { EngineError, type Inspection, type Rehearsal, type RoleSession } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { newId } from '#lib/kernel/ids.ts';
import { requireRejection, requireVerdict, StepFailure } from '#lib/logins/failures.ts';
import { mayFailLogins } from '#lib/logins/limits.ts';
import { probeEverywhere } from '#lib/logins/probe.ts';
import { keepProof, seenRejection } from '#lib/logins/proofs.ts';
import { sealCredential } from '#lib/logins/sealing.ts';
import { keepProvenKey } from '#lib/logins/trust-keys.ts';
import { versionsToKeep } from '#lib/rotation/attempt/changes.ts';
import { keepVerifier } from '#lib/rotation/attempt/keep-verifier.ts';
import { logInAsOperator, openOperator, unblocking } from '#lib/rotation/attempt/operator.ts';
import { type Attempt, closeEarly, keepOpen } from '#lib/rotation/machine/attempt.ts';
import { moveRotation } from '#lib/rotation/machine/move.ts';
import { insertStaged } from '#lib/rotation/machine/writes.ts';
import { countSessions } from '#lib/rotation/sessions/session-cut.ts';
import { checkConfigFiles } from '#lib/wp-config/check-config-files.ts';

/**
 * requested -> staged. Checks on the server, without changing anything, whether a rotation can be made and verified
 * here; then stores the new password, encrypted, before the server sees it.
 */
export async function stage(attempt: Attempt): Promise<void> {
  const { row, engine, target, current } = attempt;
  const started = performance.now();
  const password = generatePassword();
  const [{ iterations, sessions: sessionsBefore, verifier: currentVerifier }, latest] = await Promise.all([
    preflight(attempt),
    latestVersion(row.databaseId),
    row.kind === 'rotate' ? checkConfigFiles(row.databaseId) : undefined,
  ]);
  await failpoint('stage.checked');
  const preflightMs = performance.now() - started;

  row.keeps = versionsToKeep(attempt);
  if (row.kind === 'retire') {
    await moveRotation(attempt, { to: 'staged', data: { keeps: row.keeps } });
    await failpoint('stage.committed');
    return;
  }
  // Made in any case, because it refuses what could not be verified afterwards.
  const made = await engine.makeVerifier(password, iterations);
  const verifier = row.database.sendsPlaintext ? null : made;
  const key = { id: newId('crd'), organizationId: row.organizationId, version: latest + 1 };
  const credential = {
    ...key,
    databaseId: row.databaseId,
    placeVersion: row.database.placeVersion,
    loginName: current.user,
    sealed: await sealCredential(key, { password, verifier }),
  };
  const isNews = currentVerifier !== null && currentVerifier !== current.verifier;
  await moveRotation(attempt, {
    to: 'staged',
    data: { toCredentialId: key.id, keeps: row.keeps, sessionsBefore },
    steps: [
      { kind: 'preflight', detail: { sessions: sessionsBefore, pooled: target.pooled !== null }, durationMs: preflightMs },
      { kind: 'staged', detail: { version: key.version }, durationMs: performance.now() - started - preflightMs },
    ],
    with: [insertStaged(credential)],
    also: isNews ? await keepVerifier(attempt, currentVerifier) : undefined,
  });
  const now = storeTime();
  const unproven = { directProvenAt: null, pooledProvenAt: null, retireAt: null, heldByDeployment: false };
  row.toCredential = { ...credential, ...unproven, state: 'staged', createdAt: now, updatedAt: now };
  attempt.next = { user: current.user, password, verifier };
  await failpoint('stage.committed');
}

async function latestVersion(databaseId: string): Promise<number> {
  const latest = await db.credential.findFirst({ where: { databaseId }, orderBy: { version: 'desc' }, select: { version: true } });
  return latest?.version ?? 0;
}

/**
 * The current password must be accepted and any other one rejected, at every endpoint. Where the login with the current
 * one has not proven that by itself, a random wrong one is tried after it, so that waiting makes no failed logins.
 */
async function preflight(attempt: Attempt): Promise<AsRole> {
  const { engine, target, current } = attempt;
  const [asRole, oldPooled] = await Promise.all([inspectAsRole(attempt), target.pooled === null ? null : engine.probe(target, 'pooled', current)]);
  // All results are recorded before any is judged, so a rotation that fails here also shows what was proven.
  if (oldPooled) keepProof(attempt, 'old', 'pooled', oldPooled);
  if (oldPooled) requireVerdict({ endpoint: 'pooled', probe: oldPooled }, 'accepted', 'pooler_refused_current');
  const handshakes = { direct: asRole.handshake, pooled: oldPooled?.verdict === 'accepted' ? oldPooled.handshake : undefined };
  for (const endpoint of ['direct', 'pooled'] as const)
    if (handshakes[endpoint]) keepProof(attempt, 'wrong', endpoint, { verdict: 'refused', by: 'handshake', at: storeTime(), durationMs: 0 });
  if (!mayFailLogins(asRole.failedLoginLimit)) return asRole;
  // Not at an endpoint that rejected one in an earlier attempt: that would be one more failed login.
  const wrong = { user: current.user, password: generatePassword(), expected: { name: 'wrong', isFinal: false } };
  const answers = await probeEverywhere(attempt, wrong, (endpoint) => !handshakes[endpoint] && seenRejection(attempt, 'wrong', endpoint) === null);
  for (const { endpoint, probe } of answers) keepProof(attempt, 'wrong', endpoint, probe);
  for (const { endpoint, probe } of answers) requireRejection(endpoint, probe);
  return asRole;
}

type AsRole = Pick<Inspection, 'iterations' | 'verifier' | 'failedLoginLimit' | 'handshake'> & { sessions: number };

/** Logs in with the current password, which proves it, and reads what only the role itself may read. */
async function inspectAsRole(attempt: Attempt): Promise<AsRole> {
  const started = performance.now();
  const session = await openCurrent(attempt);
  keepProof(attempt, 'old', 'direct', { verdict: 'accepted', at: storeTime(), durationMs: performance.now() - started });
  if (!session) return { iterations: 0, verifier: null, ...(await rehearse(attempt, null)), sessions: 0 };
  // From here on the server is expected to present the key it has just proven.
  attempt.target = await keepProvenKey(attempt.row.database, attempt.row.job.projectId, attempt.target, session.protection);
  const [{ iterations, isReadOnly, failedLoginLimit }, verifier] = await Promise.all([session.inspect(), session.verifier(attempt.current.verifier)]);
  if (isReadOnly) throw new StepFailure('read_only', false);
  const sessions = await countSessions(session, attempt.row);
  if (session !== attempt.held.operator) closeEarly(attempt, session);
  attempt.failedLoginLimit = failedLoginLimit ?? null;
  const rehearsed = await rehearse(attempt, verifier);
  return { iterations, failedLoginLimit, handshake: session.handshake, sessions, verifier, ...rehearsed };
}

/** Rehearses the change with the login that will make it, if the engine can. Returns what it learned about the account. */
async function rehearse({ held, current, retiring }: Attempt, verifier: string | null): Promise<Rehearsal | undefined> {
  const known = [verifier, current.verifier, ...retiring.map((one) => one.verifier)].flatMap((one) => one ?? []);
  return held.operator?.rehearse?.({ role: current.user, password: current.password, known });
}

/**
 * A session as the role. If the role changes its own password, the operator's session serves for both. Null if the
 * password is right but expired: a rotator can still replace it.
 */
async function openCurrent(attempt: Attempt): Promise<RoleSession | null> {
  const { engine, target, current, rotator } = attempt;
  const started = performance.now();
  try {
    if (!rotator) {
      attempt.held.operator = await logInAsOperator(attempt, current);
      return attempt.held.operator;
    }
    // The rotator logs in meanwhile: its login depends on nothing.
    const opening = unblocking(attempt, () => engine.openSession(target, current)).then(
      (session) => keepOpen(attempt, session),
      (error: unknown) => (error instanceof EngineError && error.code === 'password_expired' ? null : Promise.reject(error)),
    );
    const [session, operator] = await Promise.all([opening, openOperator(attempt)]);
    attempt.held.operator = operator;
    return session;
  } catch (error) {
    if (!(error instanceof EngineError && error.code === 'password_refused')) throw error;
    keepProof(attempt, 'old', 'direct', { verdict: 'refused', at: storeTime(), durationMs: performance.now() - started });
    throw new StepFailure('current_password_refused', false);
  }
}
