import { scopesOf } from '#lib/access/authorize.ts';
import type { DevResetWire, EnvironmentResetBody, EnvironmentResetWire, ResetBody } from '#lib/contract/vector/reset.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { awaitJob } from '#lib/jobs/await-job.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { revealPassword } from '#lib/logins/reveal-password.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { loadEnvironment } from './environments.ts';
import { loadSite } from './load-site.ts';
import { environmentToWire, siteToWire } from './to-wire.ts';

/** How long an answer waits for the rotation: less than proxies wait for an answer. */
const PATIENCE_MS = 25_000;

interface ResetOutcome {
  /** False where the rotation is still running when the time is up. */
  isDone: boolean;
  /** Once it is done, where the asker may see it. */
  password?: Secret;
}

/** An API key that may reset gets what it made; a member must have a role that reads credentials. */
const maySee = (context: Context): boolean => context.actor.kind !== 'user' || scopesOf(context).includes('credentials:read');

/**
 * Waits for a reset that has been asked for, and reveals the new password to who may see it.
 * @throws {DomainError} reset_failed: the old password still counts
 */
async function awaitReset(context: Context, projectId: string, jobId: string, patienceMs = PATIENCE_MS): Promise<ResetOutcome> {
  const job = await awaitJob(context, jobId, patienceMs);
  if (job.state === 'failed') throw new DomainError('reset_failed', `${job.error} The password was not changed: the old one still works.`, { jobId });
  if (job.state !== 'completed') return { isDone: false };
  if (!maySee(context)) return { isDone: true };
  const password = await db.$transaction(async (tx) => {
    const { toCredential } = await tx.rotation.findUniqueOrThrow({ where: { jobId }, include: { toCredential: true } });
    if (!toCredential) throw new Error('a completed rotation without a new credential');
    return revealPassword(tx, context, projectId, toCredential);
  });
  return { isDone: true, password };
}

/**
 * Gives a site's development database a new password and waits until it is proven: the old one is refused from then on,
 * its connections are closed, and the wp-config.php holds the new one. Where `is_done` is false the rotation goes on.
 * @throws {DomainError} not_found, rotation_in_progress, project_not_ready, reset_failed
 */
export async function resetDevPassword(context: Context, siteId: string, body: ResetBody, patienceMs?: number): Promise<DevResetWire> {
  const { id, projectId } = await loadSite(context, siteId);
  const { jobId } = await requestRotation(context, projectId, { ...body, close_sessions: true });
  const { isDone, password } = await awaitReset(context, projectId, jobId, patienceMs);
  const site = siteToWire(await loadSite(context, id), password);
  return { ...site, job_id: jobId, is_done: isDone, ...(password && { dev_db_password: password.reveal() }) };
}

/**
 * Gives an environment's database a new password and waits until it is proven. The one that the running deployment has
 * goes on working until the next deployment that succeeds, and so does the one that a deployment in progress carries; with `retire_now` it ends at once.
 * @throws {DomainError} not_found, no_database, grace_not_available, rotation_in_progress, project_not_ready, reset_failed
 */
export async function resetEnvironmentPassword(
  context: Context,
  params: EnvironmentParams,
  { retire_now: retiresNow = false, ...body }: EnvironmentResetBody,
): Promise<EnvironmentResetWire> {
  const { id: environmentId, name, projectId } = await loadEnvironment(context, params);
  if (projectId === null) throw new DomainError('no_database', `No database is configured for ${name}. Configure one (PUT /environments/{id}, database).`);
  const { jobId } = await requestRotation(context, projectId, retiresNow ? body : { ...body, retirement: 'on_deploy' });
  const { isDone, password } = await awaitReset(context, projectId, jobId);
  const environment = environmentToWire(await loadEnvironment(context, { environmentId }));
  const running = await db.deployment.findFirst({ where: { environmentId, state: 'deployed' }, orderBy: { number: 'desc' } });
  const what = running ? `Deployment ${running.number} of ${name}` : `The deployment in ${name}`;
  return {
    ...environment,
    job_id: jobId,
    is_done: isDone,
    ...(password && { db_password: password.reveal(), database_password: password.reveal() }),
    ...(retiresNow && { breaks: `${what} uses the old password: its new connections are rejected until it is redeployed. Open ones continue.` }),
  };
}
