import { visibleProjects } from '#lib/access/visible-projects.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';
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
