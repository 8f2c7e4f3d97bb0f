import type { Prisma } from '#generated/prisma/client.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import { systemContext } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import type { Located } from '#lib/logins/target.ts';
import { wake } from '#lib/queue/wake.ts';
import { insertRotation, newIds, tryTakeLogin } from './insert-rotation.ts';

/** Logins with an old password whose time has come. */
export const hasDueRetirement = (): Prisma.DatabaseWhereInput => ({ credentials: { some: { state: 'retiring', retireAt: { lte: storeTime() } } } });

/** Logins that may end an old password now, with their address. */
export const findDueRetirements = (): Promise<Located[]> => db.$queryRaw`
  SELECT DISTINCT d.id, d.host, d.direct_port AS "directPort" FROM credentials c JOIN databases d ON d.id = c.database_id
  WHERE c.state = 'retiring' AND c.retire_at <= now() AND d.state = 'ready'`;

/** Records, inside the transaction that makes it true, that the old passwords of a login may end: the sweep then begins it, even if this process dies. */
export async function markRetirement(tx: Tx, databaseId: string, { except }: { except: readonly string[] }): Promise<void> {
  await tx.credential.updateMany({ where: { databaseId, state: 'retiring', id: { notIn: [...except] } }, data: { retireAt: storeTime() } });
}

/**
 * Begins to end the pending old passwords of a login, as a rotation without a new one. Returns its job; null if
 * nothing is pending, another rotation is live or the login is not proven. Called by the sweep.
 */
export async function retireDue(databaseId: string): Promise<{ jobId: string } | null> {
  const ids = newIds();
  const lane = await db.$transaction(async (tx) => {
    if (!(await tryTakeLogin(tx, databaseId, ids.jobId, hasDueRetirement()))) return null;
    const { id: current } = await tx.credential.findFirstOrThrow({ where: { databaseId, state: 'current' } });
    const project = await tx.project.findFirstOrThrow({
      where: { databaseId },
      include: { database: { include: { server: true } } },
      orderBy: { createdAt: 'asc' },
    });
    const requestedBy = systemContext(project.organizationId).actor.name;
    return insertRotation(tx, ids, { project, type: 'retire_credential', requestedBy }, { kind: 'retire', fromCredentialId: current, toCredentialId: current });
  });
  if (lane) void wake('rotation.advance', { rotationId: ids.rotationId, lane });
  return lane ? { jobId: ids.jobId } : null;
}
