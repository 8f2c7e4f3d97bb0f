import type { Tx } from '#lib/kernel/db.ts';
import { lockLogin } from '#lib/rotation/machine/live-rotation.ts';
import { markRetirement } from '#lib/rotation/request/request-retirement.ts';
import type { DeploymentRow } from './deployments.ts';

/**
 * Holds the current password of a project's login for a deployment that begins: resets leave it valid until that has
 * ended. The login's lock, which a reset takes too, puts the two in line. Null where a rotation is live.
 */
export async function holdCurrent(tx: Tx, projectId: string | null): Promise<{ credentialId: string | null } | null> {
  if (projectId === null) return { credentialId: null };
  const { databaseId } = await tx.project.findUniqueOrThrow({ where: { id: projectId }, select: { databaseId: true } });
  if (await lockLogin(tx, databaseId)) return null;
  const { id } = await tx.credential.findFirstOrThrow({ where: { databaseId, state: 'current' }, select: { id: true } });
  await tx.credential.update({ where: { id }, data: { heldByDeployment: true } });
  return { credentialId: id };
}

/**
 * Once a deployment has ended, holds every version of its login that may run: what a deployment in progress carries, what
 * the last one that stands carries, and what was fetched since by those that failed: a hook that switched and answered
 * late, or only on some machines, runs with it. Once one stands in every environment, all other versions end.
 */
export async function settleHold(tx: Tx, { credential, state }: DeploymentRow): Promise<void> {
  if (!credential) return;
  const { databaseId } = credential;
  await lockLogin(tx, databaseId);
  const held = await tx.$queryRaw<{ id: string }[]>`
    WITH latest AS (
      SELECT d.credential_id, d.state, d.fetched_at, d.number, max(d.number) FILTER (WHERE d.state = 'deployed') OVER (PARTITION BY d.environment_id) AS standing
      FROM deployments d JOIN environments e ON e.id = d.environment_id JOIN projects p ON p.id = e.project_id
      WHERE p.database_id = ${databaseId})
    SELECT DISTINCT credential_id AS id FROM latest
    WHERE credential_id IS NOT NULL AND (state IN ('pending', 'deploying') OR number = standing OR (fetched_at IS NOT NULL AND number > coalesce(standing, 0)))`;
  const ids = held.map(({ id }) => id);
  await tx.$executeRaw`UPDATE credentials SET held_by_deployment = (id = ANY(${ids})), updated_at = now()
    WHERE database_id = ${databaseId} AND held_by_deployment <> (id = ANY(${ids}))`;
  if (state !== 'deployed') return;
  // What runs where nothing was ever deployed is not known: it may be any version.
  const unknown = await tx.siteEnvironment.count({ where: { project: { databaseId }, deployments: { none: { state: 'deployed' } } } });
  if (unknown === 0) await markRetirement(tx, databaseId, { except: ids });
}
