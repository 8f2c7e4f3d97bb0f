import type { ListQuery } from '#lib/contract/list.ts';
import type { DepartureListWire, DepartureWire } from '#lib/contract/member.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { cutPage, pageOf } from '#lib/paging/list-page.ts';
import { DEPARTURE_PARTS } from './load-departure.ts';
import { departureToWire } from './to-wire.ts';

const MOST = 50;
const WEEK_MS = 7 * 86_400_000;

/**
 * Removals of members who had seen passwords, newest first. Without `limit` the last ones: those of a week, and older
 * ones that left something open. With it all of them, page by page.
 */
export async function listDepartures({ organizationId }: Context, query: ListQuery = {}): Promise<DepartureListWire> {
  const { where, ...page } = pageOf(query, 'desc', 'id');
  const found = await db.departure.findMany({ where: { organizationId, ...where }, include: DEPARTURE_PARTS, take: MOST, ...page });
  const { rows, next } = cutPage(found, query, ({ id }) => id);
  const departures = rows.map(departureToWire);
  if (query.limit !== undefined) return { departures, ...next };
  const isOld = ({ created_at: at }: DepartureWire) => storeTime().getTime() - new Date(at).getTime() > WEEK_MS;
  return { departures: departures.filter((one) => one.rotated < one.total || (one.total > 0 && !isOld(one))) };
}
