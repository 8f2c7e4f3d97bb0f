import { recordAudit } from '#lib/audit/record-audit.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { type Origin, systemContext } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { deploymentFacts } from './deployments.ts';
import { readVariables } from './read-variables.ts';
import { takeToken } from './tokens.ts';

/** Gives a deploy hook its variables, once for each call. Throws unauthenticated. */
export async function fetchVariables(origin: Origin, deploymentId: string, token: string): Promise<{ variables: Record<string, string> }> {
  return db.$transaction(async (tx) => {
    // Before the token: a deployment that ends at this moment either holds its version for good, or gives out nothing.
    await tx.deployment.updateMany({ where: { id: deploymentId, state: 'deploying' }, data: { fetchedAt: storeTime() } });
    const row = await takeToken(tx, deploymentId, 'fetch', token);
    await recordAudit(
      tx,
      { ...systemContext(row.organizationId), origin },
      {
        action: 'deployment.variables_fetched',
        ...(row.environment.projectId !== null && { projectId: row.environment.projectId }),
        metadata: deploymentFacts(row),
      },
    );
    return { variables: await readVariables(tx, row) };
  });
}
