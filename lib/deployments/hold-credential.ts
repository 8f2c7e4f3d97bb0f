import type { Tx } from '#lib/db.ts';
import { lockLogin } from '#lib/rotation/let-mend.ts';
import { markRetirement } from '#lib/rotation/request-retirement.ts';
import type { DeploymentRow } from './load-deployment.ts';

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

/** Once a deployment has ended: what the last one that stands carries is held, no other. Where it is this one, all others that wait for it end. */
export async function settleHold(tx: Tx, { environmentId, credential, state }: DeploymentRow): Promise<void> {
  if (!credential) return;
  const { id, databaseId } = credential;
  await lockLogin(tx, databaseId);
  const last = await tx.deployment.findFirst({ where: { environmentId, state: 'deployed' }, orderBy: { number: 'desc' }, select: { credentialId: true } });
  const running = last?.credentialId ?? '';
  await tx.$executeRaw`UPDATE credentials SET held_by_deployment = (id = ${running}), updated_at = now()
    WHERE database_id = ${databaseId} AND held_by_deployment <> (id = ${running})`;
  if (state === 'deployed') await markRetirement(tx, databaseId, { except: id });
}
