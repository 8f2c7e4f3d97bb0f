import type { DepartureWire } from '#lib/contract/member.ts';
import type { Context } from '#lib/kernel/context.ts';
import { loadDeparture } from './load-departure.ts';
import { departureToWire } from './to-wire.ts';

/** How the rotations of what a removed member had seen are getting on. Throws not_found. */
export const getDeparture = async (context: Context, id: string): Promise<DepartureWire> => departureToWire(await loadDeparture(context, id));
