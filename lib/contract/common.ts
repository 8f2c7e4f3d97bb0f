import { z } from 'zod';

/** An RFC 3339 UTC time, as sent on the wire. */
export const time = z.iso.datetime();
export const id = z.string().min(1).max(200);
/** A new password that a member chooses for signing in. */
export const newPassword = z.string().min(12, 'Use 12 characters or more.').max(512, 'Use 512 characters or fewer.');
export const limit = z.coerce.number().int().min(1).max(200).default(50);
export const projectParams = z.object({ projectId: id });
export const tagKey = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,39}$/, 'Begin a key with a lower-case letter; digits, dots, hyphens and underscores may follow, 40 in all.');
export const tagValue = z.string().trim().min(1, 'Give the tag a value.').max(80);

const isZone = (zone: string): boolean => {
  try {
    return /^[A-Za-z]/.test(zone) && Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
};

/** An IANA time zone. */
export const timeZone = z.string().max(64).refine(isZone, 'Use an IANA time zone, such as Europe/Berlin or UTC.');

/** Pages of a list that used to have none: without `limit` all of it is answered, as before. */
export const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).optional(), cursor: z.string().min(1).max(4000).optional() });
export type ListQuery = z.infer<typeof listQuery>;

/** Where the next page begins; absent on the last one. */
export const nextCursor = z.string().optional();

/** A filter by yes or no. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** One change, as `GET /live` sends it: what to ask for again, never the thing itself. */
export const liveEvent = z.object({ kind: z.string(), id: z.string() });
export type LiveEvent = z.infer<typeof liveEvent>;
