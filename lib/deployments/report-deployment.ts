import { storeTime } from '#lib/clock.ts';
import { db } from '#lib/db.ts';
import type { DeploymentWire, ReportBody } from '#lib/http/wire/vector/deployment.ts';
import { wake } from '#lib/queue/wake.ts';
import { DEPLOYMENT_PARTS, deploymentToWire } from './load-deployment.ts';
import { readVariables } from './read-variables.ts';
import { takeToken } from './tokens.ts';

/** Values shorter than this would be found everywhere. */
const SHORTEST = 4;

/** What a hook printed, without any value of its variables. */
function redact(text: string, values: string[]): string {
  return values.filter(({ length }) => length >= SHORTEST).reduce((rest, value) => rest.replaceAll(value, '[redacted]'), text);
}

/** Keeps what a deploy hook says of its end; a worker proves it. Throws unauthenticated. */
export async function reportDeployment(deploymentId: string, token: string, { status, stdout = '', stderr = '' }: ReportBody): Promise<DeploymentWire> {
  const row = await db.$transaction(async (tx) => {
    const deployment = await takeToken(tx, deploymentId, 'report', token);
    const values = Object.values(await readVariables(tx, deployment)).sort((a, b) => b.length - a.length);
    return tx.deployment.update({
      where: { id: deploymentId },
      data: { reported: status, stdout: redact(stdout, values), stderr: redact(stderr, values), nextAttemptAt: storeTime() },
      include: DEPLOYMENT_PARTS,
    });
  });
  void wake('deployment.run', { deploymentId });
  return deploymentToWire(row);
}
