import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { DepartureWire } from '#lib/http/wire/member.ts';
import { DEPARTURE_PARTS } from './load-departure.ts';
import { departureToWire } from './to-wire.ts';

const MOST = 50;

/** The last removals of members who had seen passwords, newest first. */
export async function listDepartures({ organizationId }: Context): Promise<DepartureWire[]> {
  const rows = await db.departure.findMany({
    where: { organizationId },
    include: DEPARTURE_PARTS,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST,
  });
  return rows.map(departureToWire);
}
