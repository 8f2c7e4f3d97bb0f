import type { JobWire } from '#lib/contract/job.ts';
import type { CreateProjectBody, ProjectWire } from '#lib/contract/project.ts';
import { getJob } from '#lib/jobs/jobs.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
import { wakeVerification } from '#lib/logins/insert-verification.ts';
import { adoptProject } from './adopt-project.ts';
import { getProject } from './get-project.ts';
import { readTarget } from './read-target.ts';
import { takePasswordGuess } from './take-password-guess.ts';

/**
 * Adopts a running database: keeps its login and starts the job that proves it. Nothing on the server changes.
 * @throws {DomainError} rate_limited, validation_failed naming the field, rotation_in_progress where the login is known and being rotated
 */
export async function createProject(context: Context, body: CreateProjectBody): Promise<{ project: ProjectWire; job: JobWire }> {
  if (body.organization_id !== undefined && body.organization_id !== context.organizationId) throw notFound('organization');
  const target = readTarget(body);
  await takePasswordGuess(context, target.direct);
  const { id, jobId, login } = await db.$transaction((tx) => adoptProject(tx, context, target, body));
  wakeVerification(jobId, login);
  const [project, job] = await Promise.all([getProject(context, id), getJob(context, jobId)]);
  return { project, job };
}
