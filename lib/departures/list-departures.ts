import type { Context } from '#lib/context.ts';
import { db } from '#lib/db.ts';
import type { DepartureWire } from '#lib/http/wire/member.ts';
import { DEPARTURE_PARTS } from './load-departure.ts';
import { departureToWire } from './to-wire.ts';

const MOST = 50;
const WEEK_MS = 7 * 86_400_000;

/** The last removals of members who had seen passwords, newest first: those of a week, and older ones that left something open. */
export async function listDepartures({ organizationId }: Context): Promise<DepartureWire[]> {
  const rows = await db.departure.findMany({
    where: { organizationId },
    include: DEPARTURE_PARTS,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: MOST,
  });
  const isOld = ({ created_at: at }: DepartureWire) => Date.now() - new Date(at).getTime() > WEEK_MS;
  return rows.map(departureToWire).filter((one) => one.rotated < one.total || (one.total > 0 && !isOld(one)));
}
