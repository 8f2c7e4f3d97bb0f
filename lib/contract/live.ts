import { z } from 'zod';

/** One change, as `GET /live` sends it: what to ask for again, never the thing itself. */
export const liveEvent = z.object({ kind: z.string(), id: z.string() });
export type LiveEvent = z.infer<typeof liveEvent>;
