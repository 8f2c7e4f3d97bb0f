import { z } from 'zod';
import { newPassword, time } from './common.ts';

export const setupQuery = z.strictObject({ token: z.string().min(1, 'Open the whole link from the terminal.').max(200) });

/** What the first person should know before the owner is made. */
export const setupState = z.object({
  store: z.object({ kind: z.enum(['embedded', 'external']), version: z.string() }),
  workers: z.object({ count: z.number().int(), last_beat_at: time.nullable() }),
  /** `generated`: made at first start and lying in the data folder, to be backed up; `given`: from the environment. */
  encryption_key: z.enum(['generated', 'given']),
});
export type SetupStateWire = z.infer<typeof setupState>;

export const setupBody = z.strictObject({
  token: setupQuery.shape.token,
  organization: z.string().trim().min(1, 'Name the organization.').max(80),
  email: z.email('Enter an email address, such as owner@example.com.').max(254),
  password: newPassword,
});
export type SetupBody = z.infer<typeof setupBody>;

export const setupAnswer = z.object({ organization_id: z.string(), user_id: z.string() });
