import { visibleProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { JobWire } from '#lib/http/wire/job.ts';
import { findForgettingJob } from './find-forgetting-job.ts';
import { jobParts, jobToWire } from './to-wire.ts';

/** One job with its whole timeline. Throws not_found. */
export async function getJob(context: Context, jobId: string): Promise<JobWire> {
  const { organizationId } = context;
  // A login may serve several projects: its jobs are theirs, whichever of them asked.
  const row = await db.job.findFirst({
    where: { id: jobId, organizationId, database: { projects: { some: visibleProjects(context) } } },
    include: jobParts(context),
  });
  if (row) return jobToWire(row, { withSteps: true });
  const forgetting = await findForgettingJob(context, jobId);
  if (!forgetting) throw notFound('job');
  return forgetting;
}
