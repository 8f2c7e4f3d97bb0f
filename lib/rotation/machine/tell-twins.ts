import type { Database } from '#generated/prisma/client.ts';
import { systemContext } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { insertVerification } from '#lib/logins/insert-verification.ts';
import type { AddedCheck } from './recheck-logins.ts';
import { LIVE_STATES } from './states.ts';

/**
 * The changed password is stored a second time, under another address of the server: that login's connection is
 * checked again, and it is not ready until then. The new password is not sent to an address it was not given for.
 */
export async function tellTwins(tx: Tx, { id, loginKey }: Pick<Database, 'id' | 'loginKey'>): Promise<AddedCheck[]> {
  const twins = await tx.database.findMany({
    where: { loginKey, id: { not: id }, rotations: { none: { state: { in: LIVE_STATES } } } },
    include: { projects: { orderBy: { createdAt: 'asc' }, take: 1 } },
    orderBy: { id: 'asc' },
  });
  const told: AddedCheck[] = [];
  for (const { projects, ...login } of twins) {
    const [project] = projects;
    if (!project) continue;
    await tx.database.update({ where: { id: login.id }, data: { loginKey: login.id, state: 'verifying', lastError: null } });
    told.push({ jobId: await insertVerification(tx, systemContext(login.organizationId), project), login });
  }
  return told;
}
