import type { DeploymentWire, ReportBody } from '#lib/contract/vector/deployment.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { wake } from '#lib/queue/wake.ts';
import { DEPLOYMENT_PARTS, type DeploymentRow, deploymentToWire } from './deployments.ts';
import { readVariables } from './read-variables.ts';
import { redactOutput } from './redact-output.ts';
import { takeToken } from './tokens.ts';

/** Whether a secret is no longer what the hook may have been given and printed: it cannot be found in the output any more. */
async function isSecretGone(tx: Tx, { organizationId, fetchedAt }: DeploymentRow): Promise<boolean> {
  if (fetchedAt === null) return false;
  const change = { organizationId, action: { in: ['secret.updated', 'secret.deleted'] }, createdAt: { gte: fetchedAt } };
  return (await tx.auditEvent.findFirst({ where: change, select: { id: true } })) !== null;
}

const NOT_KEPT = 'The output was not kept: a secret changed during the deployment, and its former value could be in it.';

/** Keeps what a deploy hook says of its end; a worker proves it. Throws unauthenticated. */
export async function reportDeployment(deploymentId: string, token: string, { status, stdout = '', stderr = '' }: ReportBody): Promise<DeploymentWire> {
  const row = await db.$transaction(async (tx) => {
    const deployment = await takeToken(tx, deploymentId, 'report', token);
    const values = Object.values(await readVariables(tx, deployment));
    const isGone = await isSecretGone(tx, deployment);
    const kept = (text: string): string => (isGone && text !== '' ? NOT_KEPT : redactOutput(text, values));
    return tx.deployment.update({
      where: { id: deploymentId },
      data: { reported: status, stdout: kept(stdout), stderr: kept(stderr), nextAttemptAt: storeTime() },
      include: DEPLOYMENT_PARTS,
    });
  });
  void wake('deployment.run', { deploymentId });
  return deploymentToWire(row);
}
