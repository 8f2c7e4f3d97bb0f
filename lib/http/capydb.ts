import { z } from 'zod';

/** The base URL of CapyDB's clients. The handlers are those of /api/v1, in the terms that its published types have. */
export const isCapydb = ({ url }: Pick<Request, 'url'>): boolean => new URL(url).pathname.startsWith('/api/capydb/');

/** An answer as CapyDB types it: what is not there is left out, never null, and an empty list of event types means all. */
export function inCapydbTerms(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCapydbTerms);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(entries.map(([name, field]) => [name, name === 'event_types' && isAll(field) ? [] : inCapydbTerms(field)]));
}

const isAll = (types: unknown): boolean => Array.isArray(types) && types.length === 1 && types[0] === '*';

/**
 * A body without the fields that its schema does not know: a client of the documented system may send what this
 * release has no use for. Fields of Rekey's own objects further in stay strict.
 */
export function withoutUnknown(schema: z.ZodType, body: unknown): unknown {
  if (!(schema instanceof z.ZodObject) || typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name in schema.shape));
}
