import { z } from 'zod';
import { id } from './common.ts';

/** What speaks against a rotation while an integration is failing, holds a value that someone changed, or does not write the value that wins somewhere. */
export const rotationWarning = z.object({ code: z.enum(['integration_failing', 'integration_drifted', 'integration_overridden']), message: z.string() });

/** The same among the warnings of a login: with the integration and its project. */
export const loginWarning = rotationWarning.extend({ project_id: id, integration_id: id });
export type LoginWarningWire = z.infer<typeof loginWarning>;
