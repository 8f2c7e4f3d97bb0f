import { recordAudit } from '#lib/audit/record-audit.ts';
import type { JobWire } from '#lib/contract/job.ts';
import { endLiveSyncs } from '#lib/integrations/integrations.ts';
import { findForgettingJob } from '#lib/jobs/jobs.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { newId } from '#lib/kernel/ids.ts';
import { loadProject } from '#lib/logins/load-project.ts';
import { recordEvent, wakeDeliveries } from '#lib/outbox/record-event.ts';
import { forgetUnused } from './join-server.ts';
import { refuseRunningRotation } from './refuse-rotation.ts';

/**
 * Forgets a project, and its login and server where no other project uses them. The server itself is not touched.
 * A rotation that needs attention is forgotten with its login. Returns the job of it, which is completed.
 * @throws {DomainError} not_found, rotation_in_progress, conflict for a site's
 */
export async function deleteProject(context: Context, projectId: string): Promise<JobWire> {
  const { jobId, told } = await db.$transaction(async (tx) => {
    // Before anything is said of it: another organization's does not exist.
    await loadProject(context, projectId, tx);
    const [owner] = await tx.$queryRaw<unknown[]>`
      SELECT FROM sites WHERE project_id = ${projectId} UNION ALL SELECT FROM environments WHERE project_id = ${projectId}`;
    if (owner) throw new DomainError('conflict', 'This database belongs to a site. Forget the site or its environment; nothing was changed.');
    const made = newId('job');
    await forgetProject(tx, context, projectId, { job_id: made });
    const data = { job_id: made, requested_by: context.actor.name };
    return { jobId: made, told: await recordEvent(tx, { organizationId: context.organizationId, projectId, type: 'project.deleted', data }) };
  });
  await wakeDeliveries(told);
  const job = await findForgettingJob(context, jobId);
  if (!job) throw new Error('a project forgotten without a record');
  return job;
}

/** The same inside the transaction of whoever it belongs to. */
export async function forgetProject(tx: Tx, context: Context, projectId: string, more: { job_id?: string } = {}): Promise<void> {
  const { id, name, slug, database, databaseId } = await loadProject(context, projectId, tx);
  await refuseRunningRotation(tx, databaseId);
  await recordAudit(tx, context, {
    action: 'project.forgotten',
    projectId: id,
    metadata: { project_id: id, name, slug, host: database.host, port: database.directPort, role_name: database.roleName, ...more },
  });
  await endLiveSyncs(tx, { projectId: id });
  await tx.project.delete({ where: { id } });
  await forgetUnused(tx, database);
}
