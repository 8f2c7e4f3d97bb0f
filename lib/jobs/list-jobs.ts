import { visibleProjects } from '#lib/auth/visible-projects.ts';
import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import { notFound } from '#lib/errors.ts';
import type { JobWire } from '#lib/http/wire/job.ts';
import { jobParts, jobToWire } from './to-wire.ts';

/** The jobs of a project, and the rotations of its login that other projects asked for, newest first, without timelines. Throws not_found. */
export async function listJobs(context: Context, projectId: string, limit: number): Promise<JobWire[]> {
  const project = await db.project.findFirst({ where: { AND: [visibleProjects(context), { id: projectId }] }, select: { databaseId: true } });
  if (!project) throw notFound('project');
  const parts = jobParts(context);
  const rows = await db.job.findMany({
    where: { organizationId: context.organizationId, OR: [{ projectId }, { databaseId: project.databaseId, type: 'rotate_credentials' }] },
    include: { ...parts, rotation: { include: { ...parts.rotation.include, steps: { take: 0 } } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.map((row) => jobToWire(row, { withSteps: false }));
}
