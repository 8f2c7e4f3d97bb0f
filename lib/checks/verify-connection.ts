import { setTimeout as delay } from 'node:timers/promises';
import type { Credential, Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import { generatePassword } from '#lib/crypto/password.ts';
import { EngineError, type Inspection, type Login, type Probe, type Protection, type Rotator } from '#lib/engines/engine.ts';
import { queueSyncsOfLogin, wakeSyncs } from '#lib/integrations/queue-work.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { reportUnforeseen } from '#lib/kernel/report-unforeseen.ts';
import { engineOf } from '#lib/logins/counted-engine.ts';
import { asStepFailure, messageOf, requireRejection, requireVerdict, StepFailure } from '#lib/logins/failures.ts';
import { wakeVerification } from '#lib/logins/insert-verification.ts';
import { backoffMs, MAX_ATTEMPTS, MAX_RETRIES, mayFailLogins } from '#lib/logins/limits.ts';
import { loginKnowingOthers, loginOf } from '#lib/logins/login-of.ts';
import { noteRights } from '#lib/logins/note-rights.ts';
import { probeEverywhere, WITH_CURRENT } from '#lib/logins/probe.ts';
import { type LoginProtection, protectionColumns } from '#lib/logins/protection.ts';
import { withRefusedKey } from '#lib/logins/refused-keys.ts';
import { openCredential, sealCredential } from '#lib/logins/sealing.ts';
import { rotatorOf, targetOf } from '#lib/logins/target.ts';
import { keepProvenKey, trustFirstKeys, trustFirstRotatorKey } from '#lib/logins/trust-keys.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import { findRotatorRow, joinServer } from '#lib/projects/join-server.ts';
import { ClaimLost, countAttempt, holdClaim, putOffClaim, releaseClaim, type SharedClaim, settleClaim, takeOver } from '#lib/queue/claim.ts';
import { lockLogin } from '#lib/rotation/machine/live-rotation.ts';
import { loginsThatNeedRotator, recheckLogins } from '#lib/rotation/machine/recheck-logins.ts';
import { type EndedJob, failJob, recordJobEnded } from '#lib/rotation/machine/record-job-ended.ts';
import { LIVE_STATES } from '#lib/rotation/machine/states.ts';
import { noteConfigFiles } from '#lib/wp-config/check-config-files.ts';
import { claimVerification } from './claim-verification.ts';
import { type Recovered, recoverKept } from './recover-kept.ts';

const WITH_ALL = { database: { include: WITH_CURRENT } } satisfies Prisma.JobInclude;
type VerificationJob = Prisma.JobGetPayload<{ include: typeof WITH_ALL }>;
type ClaimedJob = VerificationJob & { claim: SharedClaim };

interface Findings {
  inspection: Inspection;
  /** The rotator that was tried. */
  rotator: { rotatorName: string | null };
  /** The version of the login's own rotator, if it logged in and rehearsed the change. */
  provenRotator: number | null;
  pooled: Probe | null;
  protection: LoginProtection | null;
}

/**
 * Checks the stored login and what it may do, and records the result. Changes nothing on the server and may run again
 * after a crash. If the password is rejected, other stored versions are tried; if none works, the result is final. A
 * server that does not answer is retried three times. `refusedId`: the credential that was just rejected and is not
 * tried again.
 */
export async function verifyConnection(jobId: string, workerId: string, refusedId?: string): Promise<void> {
  const claim = await claimVerification(jobId, workerId);
  if (!claim) return;
  try {
    await verifyClaimed(claim, refusedId);
  } catch (error) {
    // The claim that took over records its own result, which is newer.
    if (!(error instanceof ClaimLost)) throw error;
  } finally {
    await releaseClaim(claim).catch(() => undefined);
  }
}

async function verifyClaimed(claim: SharedClaim, refusedId?: string): Promise<void> {
  let recovered: Recovered | null = null;
  // Every attempt was interrupted before its result was written: report that without another login.
  let hasBrokenOff = claim.attempt > MAX_ATTEMPTS;
  for (let attempt = claim.attempt; ; attempt = await countAttempt(claim)) {
    // With the current password: a rotation may have ended since the last attempt.
    const job = await loadJob(claim, attempt);
    let outcome: Findings | StepFailure;
    try {
      if (hasBrokenOff) throw new StepFailure('unforeseen', true);
      const found = await examine(job, attempt === 1 ? refusedId : undefined).catch((error: unknown) => recover(job, recovered, error));
      if (!('inspection' in found)) {
        recovered = found;
        continue;
      }
      outcome = found;
    } catch (error) {
      outcome = asStepFailure(error) ?? unforeseen(claim.id, error);
    }
    await failpoint('check.done');
    // Where that cannot be written nothing is tried again before the wait of the claim is over.
    if (!(outcome instanceof StepFailure)) return await recordProven({ ...job, claim }, outcome, recovered);
    if (outcome.retryAt) return await putOff(job, claim, outcome, outcome.retryAt);
    const isLast = attempt > MAX_RETRIES || !(outcome.transient || (await isOvertaken(db, job)));
    if (isLast && (await recordRefused({ ...job, claim }, outcome))) return;
    hasBrokenOff = false;
    await delay(backoffMs(Math.min(attempt, MAX_RETRIES)));
  }
}

/** The job of a claim, with the number of this attempt written down. */
async function loadJob(claim: SharedClaim, attempt: number): Promise<VerificationJob> {
  return db.$transaction(async (tx) => {
    await holdClaim(tx, claim);
    return tx.job.update({ where: { id: claim.id, state: 'running' }, data: { attempts: Math.min(attempt, MAX_ATTEMPTS) }, include: WITH_ALL });
  });
}

/** Postpones a check until another login is allowed. */
async function putOff({ id, database }: VerificationJob, claim: SharedClaim, failure: StepFailure, until: Date): Promise<void> {
  await db.$transaction(async (tx) => {
    await putOffClaim(tx, claim, until);
    await tx.job.update({ where: { id }, data: { state: 'queued', error: messageOf(failure, database.server.engine), errorCode: failure.code } });
  });
}

/** Whether the examined password is no longer, or is about to stop being, the password of this login: a rejection then says nothing. */
async function isOvertaken(tx: Tx, { database }: VerificationJob): Promise<boolean> {
  const now = await tx.database.findUniqueOrThrow({ where: { id: database.id }, include: { credentials: { where: { state: 'current' } } } });
  return now.state === 'rotating_credentials' || now.credentials[0]?.id !== database.credentials[0]?.id;
}

/** An internal error counts as transient: it says nothing about the password. */
function unforeseen(jobId: string, error: unknown): StepFailure {
  reportUnforeseen(jobId, error);
  return new StepFailure('unforeseen', true);
}

/** A stored version that works, looked for once per job; otherwise rethrows the error. */
async function recover(job: VerificationJob, before: Recovered | null, error: unknown): Promise<Recovered> {
  const [current] = job.database.credentials;
  const isRefused = current && error instanceof StepFailure && error.code === 'current_password_refused';
  const recovered = isRefused && !before && !(await isOvertaken(db, job)) ? await recoverKept(job, current) : null;
  if (!recovered) throw error;
  return recovered;
}

async function examine(job: VerificationJob, refusedId?: string): Promise<Findings> {
  const { database } = job;
  const engine = engineOf(database, job.id);
  const [current] = database.credentials;
  if (!current) throw new Error('a database without a current credential');
  const refused = () => new StepFailure('current_password_refused', false, { neverWorked: current.directProvenAt === null && database.state !== 'ready' });
  if (current.id === refusedId) throw refused();
  const target = await trustFirstKeys(database, targetOf(database, job.projectId));
  const login = await loginOf(current);
  const wrong = { user: current.loginName, password: generatePassword(), expected: { name: 'wrong', isFinal: false } };
  const own = await trustFirstRotatorKey(database.server, await rotatorOf(database, database.server, target.direct.database));
  const inspectAlone = (as: Login) => engine.inspect(target, as, own, database);
  const holdsOther = (error: unknown) => error instanceof EngineError && error.code === 'other_password_held';
  // A server that shows another verifier than this password's is not sent it, unless it may be one of this password, set anew.
  const asking = inspectAlone({ ...login, others: 'all' }).catch(async (error: unknown) => {
    if (!holdsOther(error)) throw error;
    return inspectAlone(await loginKnowingOthers(current));
  });
  const alone = await asking.catch((error: unknown) => {
    throw holdsOther(error) || (error instanceof EngineError && error.code === 'password_refused') ? refused() : error;
  });
  // Facts about other logins are reported only to an accepted login.
  const rotator = own ?? (await rotatorOfOthers(database, target.direct.database));
  const inspection = rotator === own ? alone : await engine.inspect(target, login, rotator, database);
  // No avoidable failed login: a password that the server rejected is not tried elsewhere, nor a random wrong one beside it.
  let pooledProtection: Protection | null = null;
  const noteProtection = (found: Protection) => {
    pooledProtection = found;
  };
  // From here on the server is expected to present the key it has just proven.
  const proven = inspection.protection ? await keepProvenKey(database, job.projectId, target, inspection.protection) : target;
  const pooled = proven.pooled === null ? null : await engine.probe(proven, 'pooled', login, noteProtection);
  if (pooled) requireVerdict({ endpoint: 'pooled', probe: pooled }, 'accepted', 'pooler_refused_current');
  // A rotation begins in the same way, so problems are reported now. Where few failed logins block the account, none is
  // made, nor where the login has proven by itself that others are rejected.
  const handshakes = { direct: inspection.handshake, pooled: pooled?.verdict === 'accepted' ? pooled.handshake : undefined };
  const mayFail = mayFailLogins(inspection.failedLoginLimit);
  const refusals = await probeEverywhere({ engine, target: proven }, wrong, (endpoint) => mayFail && !handshakes[endpoint]);
  for (const { endpoint, probe } of refusals) requireRejection(endpoint, probe);
  // A successful login resets the count of failed ones.
  if (refusals.length > 0 && inspection.failedLoginLimit) await engine.probe(proven, 'direct', login);
  // Find out now whether a rotation could write the files, not when one has to.
  await noteConfigFiles(database.id);
  const guards = inspection.protection && { direct: inspection.protection, pooled: pooledProtection };
  const provenRotator = own && alone.rotatorMayChange ? database.server.rotatorVersion : null;
  return { inspection, pooled, rotator: { rotatorName: rotator?.user ?? null }, provenRotator, protection: guards };
}

/** The rotator at the login's own address that belongs to another row, which this one joins. */
async function rotatorOfOthers(database: VerificationJob['database'], name: string): Promise<Rotator | null> {
  const other = await findRotatorRow(db, database);
  return other && rotatorOf(database, other, name);
}

/** A live rotation keeps its own state. */
const withoutRotation = (id: string) => ({ id, rotations: { none: { state: { in: LIVE_STATES } } } });

const endOf = ({ id, organizationId, projectId, requestedBy, database }: VerificationJob): EndedJob => ({
  organizationId,
  projectId,
  type: 'project.verify_connection',
  engine: database.server.engine,
  facts: { job_id: id, role_name: database.roleName, requested_by: requestedBy },
});

async function recordProven(job: ClaimedJob, { inspection, pooled, rotator, provenRotator, protection }: Findings, recovered: Recovered | null): Promise<void> {
  const { database, organizationId, projectId } = job;
  const now = storeTime();
  const [credential] = database.credentials;
  const sealed = credential && (await withVerifier(credential, inspection.verifier));
  const { told, queued, rechecks } = await db.$transaction(async (tx) => {
    await settleClaim(tx, job.claim);
    await takeOver('connection.check', database.id, tx);
    if (credential && sealed) {
      await tx.credential.update({ where: { id: credential.id }, data: { sealed, directProvenAt: now, pooledProvenAt: pooled && now } });
    }
    const { hasTwin, rotator: joined } = await joinServer(tx, database, inspection.identity, inspection.serverVersion, provenRotator);
    await tx.database.updateMany({ where: withoutRotation(database.id), data: { state: 'ready', lastError: null } });
    await tx.database.update({
      where: { id: database.id },
      data: {
        rights: noteRights(inspection, { ...database, ...rotator, hasTwin, isPoolerProven: isMadeHere(credential) && pooled !== null }),
        inspectedAt: now,
        ...(protection && protectionColumns(database, protection)),
      },
    });
    await tx.job.update({ where: { id: job.id }, data: { state: 'completed', error: null, errorCode: null, completedAt: now } });
    await recordAudit(tx, systemContext(organizationId), {
      action: 'project.connection_verified',
      projectId,
      metadata: { job_id: job.id, role_name: database.roleName, ...joined },
    });
    // A password or an address that a person entered is the one to use from now on.
    const behind = credential ? await queueSyncsOfLogin(tx, database.id, job.requestedBy, { version: credential.version }) : [];
    const end = endOf(job);
    const versions = recovered && { from_version: recovered.from, to_version: recovered.to };
    // A rotator came with the login: others at its address may need it.
    const served =
      joined.rotator_name === undefined ? [] : await loginsThatNeedRotator(tx, await tx.database.findUniqueOrThrow({ where: { id: database.id } }));
    const others = served.flatMap(({ id }) => (id === database.id ? [] : id));
    return {
      told: await recordJobEnded(tx, { ...end, facts: { ...end.facts, ...versions } }),
      queued: behind,
      rechecks: await recheckLogins(tx, others),
    };
  });
  for (const { jobId, login } of rechecks) wakeVerification(jobId, login);
  await Promise.all([wakeDeliveries(told), wakeSyncs(queued)]);
}

/** Whether a rotation generated this password: the first one, and any that a person entered, came from elsewhere. */
const isMadeHere = (credential: Credential | undefined): boolean => credential !== undefined && credential.version > 1;

/** The credential encrypted again with the verifier that the server holds, if that is known. */
async function withVerifier(credential: Credential, found: string | null): Promise<string> {
  const { password, verifier } = await openCredential(credential);
  return sealCredential(credential, { password, verifier: found ?? verifier });
}

/** False, and nothing is written, if the password has been replaced meanwhile. */
async function recordRefused(job: ClaimedJob, failure: StepFailure): Promise<boolean> {
  const { database, organizationId, projectId } = job;
  const error = messageOf(failure, database.server.engine);
  // A server that does not answer says nothing about a password that was proven before.
  const wasProven = failure.transient && database.credentials.some((credential) => credential.directProvenAt);
  const told = await db.$transaction(async (tx) => {
    await holdClaim(tx, job.claim);
    await takeOver('connection.check', database.id, tx);
    const rotation = await lockLogin(tx, database.id);
    if (!rotation && (await isOvertaken(tx, job))) return null;
    await settleClaim(tx, job.claim);
    await tx.database.updateMany({
      where: withoutRotation(database.id),
      data: { lastError: error, state: wasProven ? 'ready' : 'needs_attention' },
    });
    if (failure.otherKey) await tx.database.update({ where: { id: database.id }, data: { refusedKeys: withRefusedKey(database, failure.otherKey) } });
    await recordAudit(tx, systemContext(organizationId), {
      action: 'project.connection_refused',
      projectId,
      reason: error,
      metadata: { job_id: job.id, role_name: database.roleName, engine: database.server.engine, code: failure.code },
    });
    return failJob(tx, endOf(job), failure);
  });
  if (!told) return false;
  await wakeDeliveries(told);
  return true;
}
