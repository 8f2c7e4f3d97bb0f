import type { Prisma } from '#generated/prisma/client.ts';
import { reachableProjects, visibleProjects } from '#lib/access/visible-projects.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { invalidField, notFound } from '#lib/kernel/errors.ts';
import { jobParts, jobToWire } from './to-wire.ts';

/**
 * The job under which a project was forgotten, which is completed as soon as there is one. A project's jobs go with it,
 * so it is made of the audit record. Null where there is none, or it is out of reach.
 */
export async function findForgettingJob(context: Context, jobId: string): Promise<JobWire | null> {
  const { organizationId } = context;
  const reachable = reachableProjects(context);
  const record = await db.auditEvent.findFirst({
    where: {
      organizationId,
      action: 'project.forgotten',
      metadata: { path: ['job_id'], equals: jobId },
      ...(reachable && { projectId: { in: [...reachable] } }),
    },
  });
  if (!record?.projectId) return null;
  const at = record.createdAt.toISOString();
  return {
    id: jobId,
    organization_id: organizationId,
    project_id: record.projectId,
    type: 'project.delete',
    state: 'completed',
    attempts: 1,
    max_attempts: 1,
    error: null,
    error_code: null,
    retry_classification: null,
    requested_by: record.actorName,
    created_at: at,
    claimed_at: at,
    claimed_by: null,
    started_at: at,
    completed_at: at,
    updated_at: at,
    rotation: null,
    sync: null,
    deployment: null,
  };
}

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

interface Page {
  limit: number;
  /** The id of the last job of the page before. */
  cursor?: string | undefined;
}

/**
 * The jobs of a project, and the rotations of its login that other projects asked for, newest first, without timelines.
 * @throws {DomainError} not_found, validation_failed for a cursor of another list
 */
export async function listJobs(context: Context, projectId: string, { limit, cursor }: Page): Promise<{ jobs: JobWire[]; nextCursor: string | null }> {
  const project = await db.project.findFirst({ where: { AND: [visibleProjects(context), { id: projectId }] }, select: { databaseId: true } });
  if (!project) throw notFound('project');
  const parts = jobParts(context);
  const listed = {
    organizationId: context.organizationId,
    OR: [{ projectId }, { databaseId: project.databaseId, type: 'rotate_credentials' as const }],
  } satisfies Prisma.JobWhereInput;
  const last = cursor === undefined ? null : await db.job.findFirst({ where: { AND: [listed, { id: cursor }] }, select: { id: true, createdAt: true } });
  if (cursor !== undefined && !last) throw invalidField('cursor', 'Use next_cursor of the page before, or leave it out to begin anew.');
  const older = last && { OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: last.id } }] };
  const rows = await db.job.findMany({
    where: older ? { AND: [listed, older] } : listed,
    include: { ...parts, rotation: { include: { ...parts.rotation.include, steps: { take: 0 } } } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    // One more tells whether there is another page.
    take: limit + 1,
  });
  const shown = rows.slice(0, limit);
  return { jobs: shown.map((row) => jobToWire(row, { withSteps: false })), nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
