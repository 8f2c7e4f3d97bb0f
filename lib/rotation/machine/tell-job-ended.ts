import type { Prisma } from '#generated/prisma/client.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { EngineName } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { messageOf, type StepFailure } from '#lib/logins/failures.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { tellPasswordReset } from './tell-password-reset.ts';

export interface EndedJob {
  organizationId: string;
  projectId: string;
  type: JobWire['type'];
  /** The engine in whose terms a failure is described. */
  engine: EngineName;
  /** The facts sent with the event: names, ids and versions, never a credential. */
  facts: Prisma.InputJsonObject & { job_id: string };
}

/**
 * Writes the events of a job that succeeded, in the transaction that ends it: `job.completed`, and before it
 * `credentials.rotated` for a rotation. Returns the messages to send after the commit.
 */
export async function tellJobEnded(tx: Tx, { type, engine: _, facts, ...about }: EndedJob): Promise<Message<'webhook.deliver'>[]> {
  const data = { ...facts, job_type: type };
  const isRotation = type === 'project.rotate_credentials';
  const rotated = isRotation ? await recordEvent(tx, { ...about, type: 'credentials.rotated', data }) : [];
  if (isRotation) rotated.push(...(await tellPasswordReset(tx, about, data)));
  return [...rotated, ...(await recordEvent(tx, { ...about, type: 'job.completed', data }))];
}

/** Ends a job that failed, with its event, inside a transaction. Returns the messages to send after the commit. */
export async function failJob(tx: Tx, { type, engine, facts, ...about }: EndedJob, failure: StepFailure): Promise<Message<'webhook.deliver'>[]> {
  const { code, transient } = failure;
  const retryClassification = transient ? 'transient' : 'terminal';
  await tx.job.update({
    where: { id: facts.job_id },
    data: { state: 'failed', error: messageOf(failure, engine), errorCode: code, retryClassification, completedAt: storeTime() },
  });
  return recordEvent(tx, { ...about, type: 'job.failed', data: { ...facts, job_type: type, error_code: code } });
}

/** Writes the event of a job whose outcome is unknown, the first time it is. Returns the messages to send after the commit. */
export const tellAttentionNeeded = (tx: Tx, { type, engine: _, facts, ...about }: EndedJob, { code }: StepFailure): Promise<Message<'webhook.deliver'>[]> =>
  recordEvent(tx, { ...about, type: 'job.needs_attention', data: { ...facts, job_type: type, error_code: code } });
