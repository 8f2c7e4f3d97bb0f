import type { Database } from '#generated/prisma/client.ts';
import { systemContext } from '#lib/context.ts';
import type { Tx } from '#lib/db.ts';
import { insertVerification } from './request-verification.ts';
import { LIVE_STATES } from './states.ts';

/** A login that is to be proven again: wake its job once the transaction has committed. */
export interface ToldTwin {
  jobId: string;
  login: Database;
}

/**
 * A password was changed that is kept a second time, under another address of the server: what is kept there is proven
 * anew, and is not called ready until then. The new password is not sent to an address that it was not given for.
 */
export async function tellTwins(tx: Tx, { id, loginKey }: Pick<Database, 'id' | 'loginKey'>): Promise<ToldTwin[]> {
  const twins = await tx.database.findMany({
    where: { loginKey, id: { not: id }, rotations: { none: { state: { in: LIVE_STATES } } } },
    include: { projects: { orderBy: { createdAt: 'asc' }, take: 1 } },
    orderBy: { id: 'asc' },
  });
  const told: ToldTwin[] = [];
  for (const { projects, ...login } of twins) {
    const [project] = projects;
    if (!project) continue;
    await tx.database.update({ where: { id: login.id }, data: { loginKey: login.id, state: 'verifying', lastError: null } });
    told.push({ jobId: await insertVerification(tx, systemContext(login.organizationId), project), login });
  }
  return told;
}
