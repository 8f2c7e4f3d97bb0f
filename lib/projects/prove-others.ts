import type { Context } from '#lib/context.ts';
import type { Tx } from '#lib/db.ts';
import { forgetVersions } from '#lib/integrations/forget-versions.ts';
import { lockLogin, retryAtOnce } from '#lib/rotation/let-mend.ts';
import { insertVerification } from '#lib/rotation/request-verification.ts';

/** Locks all logins of a server, in one order for everybody, until the transaction ends. */
export async function lockLoginsOf(tx: Tx, serverId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM databases WHERE server_id = ${serverId} ORDER BY id FOR UPDATE`;
}

/**
 * A server's pooler or TLS mode stands in the URLs of all its logins: where it was changed by way of one of them, each
 * other one is proven anew by a job, which has its URLs brought to who holds them. The sweep finds the jobs. A rotation
 * that is live proves its login itself.
 */
export async function proveOthers(tx: Tx, context: Context, { serverId, but }: { serverId: string; but: string | null }): Promise<void> {
  await lockLoginsOf(tx, serverId);
  const others = await tx.database.findMany({
    where: { serverId, ...(but !== null && { id: { not: but } }) },
    include: { projects: { orderBy: { createdAt: 'asc' }, take: 1 } },
    orderBy: { id: 'asc' },
  });
  for (const { id, projects } of others) {
    const [project] = projects;
    if (!project) continue;
    const live = await lockLogin(tx, id);
    await forgetVersions(tx, id);
    if (live) {
      await retryAtOnce(tx, live);
      continue;
    }
    await tx.database.update({ where: { id }, data: { state: 'verifying', lastError: null } });
    await insertVerification(tx, context, project);
  }
}
