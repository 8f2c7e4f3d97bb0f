import { scopesOf } from '#lib/access/authorize.ts';
import type { Secret } from '#lib/crypto/secret.ts';
import { awaitJob } from '#lib/jobs/await-job.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { revealPassword } from '#lib/logins/reveal-password.ts';

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
export async function awaitReset(context: Context, projectId: string, jobId: string, patienceMs = PATIENCE_MS): Promise<ResetOutcome> {
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
