import { z } from 'zod';
import { id } from '#lib/http/wire/common.ts';
import { site } from './site.ts';

const reason = z.enum(['compromise', 'departure', 'routine', 'compliance']);

export const resetBody = z.strictObject({ reason: reason.optional(), note: z.string().max(500).optional() });
export type ResetBody = z.infer<typeof resetBody>;

/** The new password is there once it is proven; until then the job tells how the rotation stands. */
export const devReset = site.extend({ dev_db_password: z.string().optional(), job_id: id });
export type DevResetWire = z.infer<typeof devReset>;
