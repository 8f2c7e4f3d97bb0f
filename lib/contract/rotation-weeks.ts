import { z } from 'zod';
import { time } from './common.ts';

/** How many rotations ended in a week, and how; it begins on Monday at 00:00 UTC. */
export const rotationWeek = z.object({ starts_at: time, completed: z.number().int(), failed: z.number().int() });
export type RotationWeekWire = z.infer<typeof rotationWeek>;
/** The oldest week first; the last one is the week that runs. */
export const rotationWeeks = z.object({ weeks: z.array(rotationWeek) });
