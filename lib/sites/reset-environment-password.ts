import type { EnvironmentResetBody, EnvironmentResetWire } from '#lib/contract/vector/reset.ts';
import type { EnvironmentParams } from '#lib/contract/vector/site.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { requestRotation } from '#lib/rotation/request/request-rotation.ts';
import { awaitReset } from './await-reset.ts';
import { loadEnvironment } from './load-environment.ts';
import { environmentToWire } from './to-wire.ts';

/**
 * Gives an environment's database a new password and waits until it is proven. The one that the running deployment has
 * goes on working until the next deployment that succeeds, and so does the one that a deployment under way carries; with `retire_now` it ends at once.
 * @throws {DomainError} not_found, no_database, grace_not_available, rotation_in_progress, project_not_ready, reset_failed
 */
export async function resetEnvironmentPassword(
  context: Context,
  params: EnvironmentParams,
  { retire_now: retiresNow = false, ...body }: EnvironmentResetBody,
): Promise<EnvironmentResetWire> {
  const { id: environmentId, name, projectId } = await loadEnvironment(context, params);
  if (projectId === null) throw new DomainError('no_database', `No database is configured for ${name}. Configure one (PUT /environments/{id}, database).`);
  const { jobId } = await requestRotation(context, projectId, retiresNow ? body : { ...body, retirement: 'on_deploy' });
  const { isDone, password } = await awaitReset(context, projectId, jobId);
  const environment = environmentToWire(await loadEnvironment(context, { environmentId }));
  const running = await db.deployment.findFirst({ where: { environmentId, state: 'deployed' }, orderBy: { number: 'desc' } });
  const what = running ? `Deployment ${running.number} of ${name}` : `The deployment in ${name}`;
  return {
    ...environment,
    job_id: jobId,
    is_done: isDone,
    ...(password && { db_password: password.reveal(), database_password: password.reveal() }),
    ...(retiresNow && { breaks: `${what} uses the old password: its new connections are rejected until it is redeployed. Open ones continue.` }),
  };
}
