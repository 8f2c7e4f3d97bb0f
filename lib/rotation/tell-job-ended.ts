import type { RotationReason } from '#generated/prisma/enums.ts';
import type { Tx } from '#lib/db.ts';
import type { JobWire } from '#lib/http/wire/job.ts';
import { recordEvent } from '#lib/outbox/record-event.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { tellPasswordReset } from '#lib/sites/tell-password-reset.ts';
import type { RotationFailure } from './failures.ts';

export interface EndedJob {
  organizationId: string;
  projectId: string;
  jobId: string;
  type: JobWire['type'];
  roleName: string;
  /** The name of who asked for it. */
  requestedBy: string;
  /** Of a rotation, and of a proof that found another version to be the right one. */
  fromVersion?: number;
  toVersion?: number | undefined;
  reason?: RotationReason | null;
  /** The names of those a person has to tell. */
  consumersToUpdate?: string[];
  /** Why it failed; absent where it went well. */
  errorCode?: RotationFailure;
}

/**
 * Writes the events of a job's end, in the transaction that ends it: `job.completed` or `job.failed`, and before it
 * `credentials.rotated` for a rotation that went well. Answers what wakes a worker once that has committed.
 */
export async function tellJobEnded(tx: Tx, job: EndedJob): Promise<Message<'webhook.deliver'>[]> {
  const about = { organizationId: job.organizationId, projectId: job.projectId };
  const data = {
    job_id: job.jobId,
    job_type: job.type,
    role_name: job.roleName,
    requested_by: job.requestedBy,
    ...(job.fromVersion !== undefined && { from_version: job.fromVersion }),
    ...(job.toVersion !== undefined && { to_version: job.toVersion }),
    ...(job.reason && { reason: job.reason }),
    ...(job.consumersToUpdate && { consumers_to_update: job.consumersToUpdate }),
    ...(job.errorCode && { error_code: job.errorCode }),
  };
  if (job.errorCode) return recordEvent(tx, { ...about, type: 'job.failed', data });
  const isRotation = job.type === 'project.rotate_credentials';
  const rotated = isRotation ? await recordEvent(tx, { ...about, type: 'credentials.rotated', data }) : [];
  if (isRotation) rotated.push(...(await tellPasswordReset(tx, about, data)));
  return [...rotated, ...(await recordEvent(tx, { ...about, type: 'job.completed', data }))];
}
