import { z } from 'zod';
import { id, time } from './common.ts';

/** What speaks against a rotation while an integration is failing, holds a value that someone changed, or does not write the value that wins somewhere. */
export const rotationWarning = z.object({ code: z.enum(['integration_failing', 'integration_drifted', 'integration_overridden']), message: z.string() });

/** The same among the warnings of a login: with the integration and its project. */
export const loginWarning = rotationWarning.extend({ project_id: id, integration_id: id });
export type LoginWarningWire = z.infer<typeof loginWarning>;

/** How many rotations ended in a week, and how; it begins on Monday at 00:00 UTC. */
const rotationWeek = z.object({ starts_at: time, completed: z.number().int(), failed: z.number().int() });
export type RotationWeekWire = z.infer<typeof rotationWeek>;
/** The oldest week first; the last one is the week that runs. */
export const rotationWeeks = z.object({ weeks: z.array(rotationWeek) });
