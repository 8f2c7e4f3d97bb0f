import type { DepartureWire } from '#lib/contract/member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { wake } from '#lib/queue/wake.ts';
import { departureToWire, loadDeparture } from './departures.ts';
import { requestRotations } from './run-departure.ts';

/**
 * Has all rotated that a removed member had seen and that still counts, failed ones again: an ordinary rotation for each.
 * @throws {DomainError} not_found, forbidden
 */
export async function requestDeparture(context: Context, id: string): Promise<DepartureWire> {
  const row = await db.$transaction(async (tx) => {
    await loadDeparture(context, id, tx);
    await requestRotations(tx, context, id);
    return loadDeparture(context, id, tx);
  });
  void wake('departure.run', { departureId: id });
  return departureToWire(row);
}
