import { z } from 'zod';
import { id } from '#lib/contract/common.ts';
import { environment, site } from './site.ts';

const reason = z.enum(['compromise', 'departure', 'routine', 'compliance']);

export const resetBody = z.object({ reason: reason.optional(), note: z.string().max(500).optional() });
export type ResetBody = z.infer<typeof resetBody>;

/** Ours: whether the new password is proven; until then the job tells how the rotation stands. */
const isDone = z.boolean();

/** The new password is there once it is proven, for an API key and for a member whose role reads credentials. */
export const devReset = site.extend({ dev_db_password: z.string().optional(), job_id: id, is_done: isDone });
export type DevResetWire = z.infer<typeof devReset>;

export const environmentResetBody = resetBody
  .extend({
    /** Ends the old password at once, whatever still uses it. */
    retire_now: z.boolean().optional(),
  })
  .refine(({ retire_now: now, reason: why }) => !now || why === 'compromise', {
    path: ['retire_now'],
    message: 'Send the reason compromise with it, because it cuts off running deployments.',
  });
export type EnvironmentResetBody = z.infer<typeof environmentResetBody>;
export const environmentReset = environment.extend({
  db_password: z.string().optional(),
  database_password: z.string().optional(),
  job_id: id,
  is_done: isDone,
  /** With `retire_now`: what stops working. */
  breaks: z.string().optional(),
});
export type EnvironmentResetWire = z.infer<typeof environmentReset>;
