import type { Database, Prisma } from '#generated/prisma/client.ts';
import { systemContext } from '#lib/kernel/context.ts';
import type { Tx } from '#lib/kernel/db.ts';
import { insertVerification } from '#lib/logins/insert-verification.ts';
import { LIVE_STATES } from './states.ts';

/** A check that was added: wake it once the transaction has committed. */
export interface AddedCheck {
  jobId: string;
  login: Database;
}

type Address = Pick<Database, 'serverId' | 'host' | 'directPort'>;

const says = (flag: 'self_may_change' | 'rotator_may_change', equals: boolean) => ({ rights: { path: [flag], equals } }) satisfies Prisma.DatabaseWhereInput;

/** The logins at a server's address whose rights depend on its rotator: it was tried on them, or they need one. */
export const loginsThatNeedRotator = (tx: Tx, { serverId, host, directPort }: Address): Promise<{ id: string }[]> =>
  tx.database.findMany({
    where: { serverId, host, directPort, OR: [says('self_may_change', false), says('rotator_may_change', true), says('rotator_may_change', false)] },
    select: { id: true },
  });

/** Adds a check of each of these logins, unless one is open or a rotation is in progress, which finds out the same. Their state stays. */
export async function recheckLogins(tx: Tx, ids: string[]): Promise<AddedCheck[]> {
  const logins = await tx.database.findMany({
    where: {
      id: { in: ids },
      rotations: { none: { state: { in: LIVE_STATES } } },
      jobs: { none: { type: 'verify_connection', state: { in: ['queued', 'running'] } } },
    },
    include: { projects: { orderBy: { createdAt: 'asc' }, take: 1 } },
    orderBy: { id: 'asc' },
  });
  const added: AddedCheck[] = [];
  for (const { projects, ...login } of logins) {
    const [project] = projects;
    if (project) added.push({ jobId: await insertVerification(tx, systemContext(login.organizationId), project), login });
  }
  return added;
}
