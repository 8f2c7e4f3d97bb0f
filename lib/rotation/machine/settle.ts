import { isDeepStrictEqual } from 'node:util';
import type { Database } from '#generated/prisma/client.ts';
import { type AuditEntry, recordAudit } from '#lib/audit/record-audit.ts';
import { addTasks } from '#lib/consumers/consumers.ts';
import type { AuditAction } from '#lib/contract/audit-actions.ts';
import type { ProofWire } from '#lib/contract/job.ts';
import { type RightsWire, rights } from '#lib/contract/project.ts';
import { type QueuedSync, queueSyncsOfLogin, wakeSyncs } from '#lib/integrations/queue-work.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Context, systemContext } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { failpoint } from '#lib/kernel/failpoint.ts';
import { detailOf, messageOf, type StepFailure } from '#lib/logins/failures.ts';
import { insertVerification, wakeVerification } from '#lib/logins/insert-verification.ts';
import { attentionWaitMs, RETIREMENT_PUT_OFF_MS } from '#lib/logins/limits.ts';
import { parseProofs, provenBy } from '#lib/logins/proofs.ts';
import { withRefusedKey } from '#lib/logins/refused-keys.ts';
import { rightsAfterFailure, rightsAfterRotation } from '#lib/logins/rights-after.ts';
import { wakeDeliveries } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import type { Claimed } from './attempt.ts';
import { moveRotation, type TimelineEntry } from './move.ts';
import { reasonText } from './reason-text.ts';
import type { AddedCheck } from './recheck-logins.ts';
import { type EndedJob, failJob, recordJobEnded, tellAttentionNeeded } from './record-job-ended.ts';
import { LIVE_STATES } from './states.ts';
import { retireAt, setCompleted, setCredentials } from './writes.ts';

/**
 * The changed password is stored a second time, under another address of the server: that login's connection is
 * checked again, and it is not ready until then. The new password is not sent to an address it was not given for.
 */
async function checkTwins(tx: Tx, { id, loginKey }: Pick<Database, 'id' | 'loginKey'>): Promise<AddedCheck[]> {
  const twins = await tx.database.findMany({
    where: { loginKey, id: { not: id }, rotations: { none: { state: { in: LIVE_STATES } } } },
    include: { projects: { orderBy: { createdAt: 'asc' }, take: 1 } },
    orderBy: { id: 'asc' },
  });
  const told: AddedCheck[] = [];
  for (const { projects, ...login } of twins) {
    const [project] = projects;
    if (!project) continue;
    await tx.database.update({ where: { id: login.id }, data: { loginKey: login.id, state: 'verifying', lastError: null } });
    told.push({ jobId: await insertVerification(tx, systemContext(login.organizationId), project), login });
  }
  return told;
}

const textOf = ({ row }: Claimed, failure: StepFailure): string => messageOf(failure, row.database.server.engine);

const endOf = ({ row }: Claimed): EndedJob => ({
  organizationId: row.organizationId,
  projectId: row.job.projectId,
  engine: row.database.server.engine,
  type: row.kind === 'retire' ? 'credential.retire' : 'project.rotate_credentials',
  facts: {
    job_id: row.jobId,
    role_name: row.database.roleName,
    from_version: row.fromCredential.version,
    ...(row.toCredential && { to_version: row.toCredential.version }),
    requested_by: row.requestedBy,
    ...(row.reason && { reason: row.reason }),
  },
});

type Told = Pick<AuditEntry, 'reason' | 'metadata'> & { context?: Context | undefined };

const record = (tx: Tx, claimed: Claimed, action: AuditAction, { reason, metadata, context = systemContext(claimed.row.organizationId) }: Told = {}) =>
  recordAudit(tx, context, {
    action,
    projectId: claimed.row.job.projectId,
    reason: reason ?? reasonText(claimed.row),
    metadata: { ...endOf(claimed).facts, ...metadata },
  });

/** Why, for a record: the engine tells in whose words a screen names the code. */
const whyOf = (claimed: Claimed, failure: StepFailure) => ({
  reason: textOf(claimed, failure),
  metadata: { engine: claimed.row.database.server.engine, code: failure.code },
});

export interface Completion {
  /** Null if they were to stay open. */
  sessionsEnded: number | null;
  /** Null where they could not be counted. */
  sessionsLeft: number | null;
  rescanAt: Date | null;
  steps: TimelineEntry[];
  /** Who changed the password; null: the role itself. */
  rotatorName: string | null;
}

/** Writes down what a rotation has shown of the rights, where that is news. */
async function refreshRights(tx: Tx, { databaseId, database }: Claimed['row'], refresh: (known: RightsWire) => RightsWire): Promise<void> {
  const known = rights.safeParse(database.rights).data;
  if (!known) return;
  const found = refresh(known);
  if (!isDeepStrictEqual(found, known)) await tx.database.update({ where: { id: databaseId }, data: { rights: found } });
}

/** promoted -> completed: all is proven; the old credential is retired. */
export async function complete(
  claimed: Claimed,
  old: { id: string; version: number; isKept: boolean }[],
  { sessionsEnded, sessionsLeft, rescanAt, steps, rotatorName }: Completion,
): Promise<void> {
  const { row } = claimed;
  const now = storeTime();
  const isRotation = row.kind === 'rotate';
  const kept = old.filter(({ isKept }) => isKept);
  const ended = old.filter(({ isKept }) => !isKept);
  // Versions of earlier rotations already have their condition.
  const keptNow = kept.filter(({ id }) => id === row.fromCredentialId);
  const idsOf = (some: typeof old) => some.map(({ id }) => id);
  const endsAt = row.retirement === 'grace' ? new Date(now.getTime() + (row.graceHours ?? 0) * 3_600_000) : null;
  let told: Message<'webhook.deliver'>[] = [];
  let queued: QueuedSync[] = [];
  let twins: AddedCheck[] = [];
  await moveRotation(claimed, {
    to: 'completed',
    data: { sessionsLeft, rescanAt, errorCode: null },
    steps: [...steps, { kind: 'completed', ...(kept.length > 0 && { detail: { keeps: kept.map(({ version }) => version) } }) }],
    with: [
      setCredentials(idsOf(ended), 'retired', retireAt(null)),
      setCredentials(idsOf(keptNow), 'retiring', retireAt(endsAt)),
      setCompleted(row.databaseId, row.jobId, now, isRotation ? now : null),
    ],
    also: async (tx) => {
      const metadata = { proven_by: provenBy(claimed) };
      if (isRotation) await record(tx, claimed, 'project.credentials_rotated', { metadata });
      else await record(tx, claimed, 'project.credentials_retired', { metadata: { ...metadata, versions: ended.map(({ version }) => version) } });
      if (sessionsEnded !== null) await record(tx, claimed, 'project.sessions_ended', { metadata: { count: sessionsEnded } });
      const end = endOf(claimed);
      if (!isRotation) {
        told = await recordJobEnded(tx, end);
        return;
      }
      const consumers = await addTasks(tx, { organizationId: row.organizationId, rotationId: row.id, databaseId: row.databaseId });
      told = await recordJobEnded(tx, { ...end, facts: { ...end.facts, consumers_to_update: consumers } });
      queued = await queueSyncsOfLogin(tx, row.databaseId, row.requestedBy);
      twins = await checkTwins(tx, row.database);
      await refreshRights(tx, row, (known) => rightsAfterRotation(known, { ...row.database, rotatorName }));
    },
  });
  await failpoint('complete.committed');
  for (const { jobId, login } of twins) wakeVerification(jobId, login);
  await Promise.all([wakeDeliveries(told), wakeSyncs(queued)]);
}

const refusedKeys = ({ database }: Claimed['row'], { code, otherKey }: StepFailure) =>
  otherKey && code !== 'rotator_key_changed' && { refusedKeys: withRefusedKey(database, otherKey) };

const asProven = (field: 'directProvenAt' | 'pooledProvenAt', proof?: ProofWire) => proof?.verdict === 'accepted' && { [field]: proof.at };

/** -> failed: the change was never sent, or the old password has just been proven valid again. */
export async function fail(claimed: Claimed, failure: StepFailure, { steps = [] }: { steps?: TimelineEntry[] } = {}): Promise<void> {
  const { row } = claimed;
  const { old } = parseProofs(row.proofs);
  let told: Message<'webhook.deliver'>[] = [];
  await moveRotation(claimed, {
    to: 'failed',
    data: { errorCode: failure.code },
    steps: [...steps, { kind: 'failed', detail: detailOf(failure) }],
    also: async (tx) => {
      if (row.kind === 'retire') await putOffRetirement(tx, row.databaseId);
      else if (row.toCredentialId) await tx.credential.update({ where: { id: row.toCredentialId }, data: { state: 'retired' } });
      await tx.credential.update({
        where: { id: row.fromCredentialId },
        data: { state: 'current', ...asProven('directProvenAt', old?.direct), ...asProven('pooledProvenAt', old?.pooled) },
      });
      await tx.database.update({ where: { id: row.databaseId }, data: { state: 'ready', lastError: textOf(claimed, failure), ...refusedKeys(row, failure) } });
      await refreshRights(tx, row, (known) => rightsAfterFailure(known, failure.code, textOf(claimed, failure)));
      told = await recordFailed(tx, claimed, failure);
    },
  });
  await wakeDeliveries(told);
}

/** Records that a rotation has failed, inside the transaction that ends it. Returns the messages to send after the commit. */
export async function recordFailed(tx: Tx, claimed: Claimed, failure: StepFailure, context?: Context): Promise<Message<'webhook.deliver'>[]> {
  await record(tx, claimed, 'project.rotation_failed', { ...whyOf(claimed, failure), context });
  return failJob(tx, endOf(claimed), failure);
}

/** A retirement that failed is retried after a while. */
const putOffRetirement = (tx: Tx, databaseId: string) =>
  tx.credential.updateMany({
    where: { databaseId, state: 'retiring', retireAt: { lte: storeTime() } },
    data: { retireAt: storeTime(RETIREMENT_PUT_OFF_MS) },
  });

/** -> needs_attention: it is not known which password works. Both are kept, and the server is checked again after growing waits. */
export async function needAttention(claimed: Claimed, failure: StepFailure): Promise<void> {
  const { row } = claimed;
  const isNew = row.state !== 'needs_attention';
  const error = textOf(claimed, failure);
  let told: Message<'webhook.deliver'>[] = [];
  await moveRotation(claimed, {
    to: 'needs_attention',
    data: { errorCode: failure.code, nextAttemptAt: failure.retryAt ?? storeTime(attentionWaitMs(row.attempts)) },
    steps: isNew ? [{ kind: 'needs_attention', detail: detailOf(failure) }] : [],
    also: async (tx) => {
      await tx.database.update({ where: { id: row.databaseId }, data: { state: 'needs_attention', lastError: error, ...refusedKeys(row, failure) } });
      await tx.job.update({ where: { id: row.jobId }, data: { error, errorCode: failure.code, retryClassification: 'unknown' } });
      if (!isNew) return;
      await record(tx, claimed, 'project.rotation_needs_attention', whyOf(claimed, failure));
      told = await tellAttentionNeeded(tx, endOf(claimed), failure);
    },
  });
  await wakeDeliveries(told);
}
