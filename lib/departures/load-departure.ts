import type { Prisma } from '#generated/prisma/client.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db, type Tx } from '#lib/kernel/db.ts';
import { notFound } from '#lib/kernel/errors.ts';

export const DEPARTURE_PARTS = {
  credentials: {
    orderBy: { databaseId: 'asc' },
    include: {
      job: { select: { state: true, error: true, errorCode: true } },
      database: {
        select: {
          roleName: true,
          projects: { orderBy: { createdAt: 'asc' }, take: 1, select: { id: true, name: true, siteEnvironment: { select: { id: true } } } },
          credentials: { where: { state: { in: ['current', 'retiring', 'suspect'] } }, select: { version: true } },
        },
      },
    },
  },
} as const satisfies Prisma.DepartureInclude;
export type DepartureRow = Prisma.DepartureGetPayload<{ include: typeof DEPARTURE_PARTS }>;
export type SeenRow = DepartureRow['credentials'][number];

/** Why a rotation that is done has not ended what was seen yet. */
export const AWAITS_DEPLOYMENT = 'awaits_deployment';

/** Whether the server may still accept what was seen. */
export const stillCounts = ({ versions, database }: SeenRow): boolean => database.credentials.some(({ version }) => versions.includes(version));

/** Whether the rotation that was begun for it has come to its end. */
export const hasEnded = ({ job }: SeenRow): boolean => job?.state === 'completed' || job?.state === 'failed';

/** A departure of the organization. Throws not_found. */
export async function loadDeparture({ organizationId }: Pick<Context, 'organizationId'>, id: string, tx: Tx = db): Promise<DepartureRow> {
  const row = await tx.departure.findFirst({ where: { id, organizationId }, include: DEPARTURE_PARTS });
  if (!row) throw notFound('departure');
  return row;
}
