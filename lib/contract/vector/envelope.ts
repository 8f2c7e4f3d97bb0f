import { z } from 'zod';
import { nextCursor } from '#lib/contract/common.ts';

/** How the sites dialect wraps what it answers. */
export const envelopeOf = <D extends z.ZodType>(data: D) => z.object({ data, message: z.string(), http_status: z.number().int() });

/** `last` is null only on a page by cursor. */
const links = z.object({ first: z.string(), last: z.string().nullable(), prev: z.string().nullable(), next: z.string().nullable() });
const meta = z.object({
  current_page: z.number().int(),
  /** Positions from 1 of the first and last item shown; null where there is none. */
  from: z.number().int().nullable(),
  to: z.number().int().nullable(),
  total: z.number().int(),
  per_page: z.number().int(),
  last_page: z.number().int(),
});
export type LinksWire = z.infer<typeof links>;
export type MetaWire = z.infer<typeof meta>;

/** A page of a list. */
export const listEnvelopeOf = <I extends z.ZodType>(item: I) =>
  z.object({ data: z.array(item), message: z.string(), http_status: z.number().int(), links, meta, next_cursor: nextCursor });

/** How the dialect refuses; `code`, `detail`, `request_id` and `job_id` are ours. */
export const vectorError = z.object({
  data: z.object({}),
  message: z.string(),
  http_status: z.number().int(),
  errors: z.record(z.string(), z.array(z.string())).optional(),
  code: z.string(),
  detail: z.string(),
  request_id: z.string(),
  job_id: z.string().optional(),
});
export type VectorErrorWire = z.infer<typeof vectorError>;

/** Of every list. Another parameter is refused by its name: one that was meant to filter must not be ignored. */
export const pageQuery = z.strictObject({
  page: z.coerce.number().int().min(1).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(15),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** What is answered where there is nothing to tell. */
export const nothing = z.object({});
