import type { Prisma } from '#generated/prisma/client.ts';
import { recordAudit } from '#lib/audit/record-audit.ts';
import type { JobWire } from '#lib/contract/job.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { EngineName } from '#lib/engines/engine.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { messageOf, type StepFailure } from '#lib/logins/failures.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';

/**
 * Tells the sites and environments whose login a rotation has changed, in the transaction that completes it. Answers
 * what wakes a worker once that has committed.
 */
async function recordPasswordReset(
  tx: Tx,
  { organizationId, projectId }: { organizationId: string; projectId: string },
  data: Prisma.InputJsonObject,
): Promise<Message<'webhook.deliver'>[]> {
  const uses = { project: { database: { projects: { some: { id: projectId } } } } };
  const context = systemContext(organizationId);
  const messages: Message<'webhook.deliver'>[] = [];
  for (const site of await tx.site.findMany({ where: uses })) {
    const about = { ...data, site_id: publicId(site), dev_site_id: publicId(site), partner_customer_id: site.partnerCustomerId };
    await recordAudit(tx, context, { action: 'dev_site.database_password_reset', projectId: site.projectId, metadata: about });
    messages.push(...(await recordEvent(tx, { organizationId, projectId: site.projectId, type: 'vector.dev-site.database-password-reset', data: about })));
  }
  for (const environment of await tx.siteEnvironment.findMany({ where: uses, include: { site: true } })) {
    const about = { ...data, site_id: publicId(environment.site), environment_id: publicId(environment), name: environment.name };
    await recordAudit(tx, context, { action: 'environment.database_password_reset', projectId, metadata: about });
    messages.push(...(await recordEvent(tx, { organizationId, projectId, type: 'vector.environment.database-password-reset', data: about })));
  }
  return messages;
}

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
export async function recordJobEnded(tx: Tx, { type, engine: _, facts, ...about }: EndedJob): Promise<Message<'webhook.deliver'>[]> {
  const data = { ...facts, job_type: type };
  const isRotation = type === 'project.rotate_credentials';
  const rotated = isRotation ? await recordEvent(tx, { ...about, type: 'credentials.rotated', data }) : [];
  if (isRotation) rotated.push(...(await recordPasswordReset(tx, about, data)));
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
