import { z } from 'zod';

/** Pages of a list that used to have none: without `limit` all of it is answered, as before. */
export const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).optional(), cursor: z.string().min(1).max(4000).optional() });
export type ListQuery = z.infer<typeof listQuery>;

/** Where the next page begins; absent on the last one. */
export const nextCursor = z.string().optional();

/** A filter by yes or no. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
