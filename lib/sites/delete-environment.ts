import { recordAudit } from '#lib/audit/record-audit.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { wakeDeliveries } from '#lib/outbox/wake-deliveries.ts';
import { forgetProject } from '#lib/projects/delete-project.ts';
import type { Message } from '#lib/queue/jobs.ts';
import { loadEnvironment } from './load-environment.ts';
import type { EnvironmentRow } from './load-site.ts';
import { tellEnvironment } from './tell-lifecycle.ts';

/** Forgets an environment, its deployments, secrets and passwords. Its database stays as it is. Throws not_found, rotation_in_progress, conflict. */
export async function deleteEnvironment(context: Context, params: EnvironmentParams): Promise<void> {
  await wakeDeliveries(await db.$transaction(async (tx) => forgetEnvironment(tx, context, await loadEnvironment(context, params, tx))));
}

/** The same inside a transaction, for an environment that has been looked up. Returns the messages to send after commit. */
export async function forgetEnvironment(tx: Tx, context: Context, row: EnvironmentRow): Promise<Message<'webhook.deliver'>[]> {
  // A deployment is asked for under the same lock.
  await tx.$queryRaw`SELECT FROM environments WHERE id = ${row.id} FOR UPDATE`;
  const live = await tx.deployment.findFirst({ where: { environmentId: row.id, state: { in: ['pending', 'deploying'] } }, select: { id: true } });
  if (live) throw new DomainError('conflict', `A deployment of ${row.name} is in progress. Wait until it ends; nothing was changed.`);
  await recordAudit(tx, context, {
    action: 'environment.deleted',
    ...(row.projectId !== null && { projectId: row.projectId }),
    metadata: { environment_id: publicId(row), site_id: publicId(row.site), name: row.name },
  });
  const told = await tellEnvironment(tx, context, 'deleted', row);
  await tx.siteEnvironment.delete({ where: { id: row.id } });
  if (row.projectId !== null) await forgetProject(tx, context, row.projectId);
  return told;
}
