import { reachableProjects } from '#lib/access/visible-projects.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';

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
