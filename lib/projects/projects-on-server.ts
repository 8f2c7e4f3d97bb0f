import type { Prisma } from '#generated/prisma/client.ts';
import type { Tx } from '#lib/kernel/db.ts';

type Address = { serverId: string; host: string; directPort: number };

/** The projects whose logins a rotator of this server changes, by name: those at its address. */
export const projectsOnServer = (
  tx: Tx,
  { serverId, host, directPort }: Address,
  only: Prisma.ProjectWhereInput = {},
): Promise<{ id: string; name: string }[]> =>
  tx.project.findMany({
    where: { AND: [only, { database: { serverId, host, directPort } }] },
    select: { id: true, name: true },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  });
