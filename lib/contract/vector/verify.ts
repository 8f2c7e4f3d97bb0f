import { z } from 'zod';
import { time } from '#lib/contract/common.ts';

const login = z.object({
  version: z.number().int(),
  /** Which password of those that may work now. */
  state: z.enum(['current', 'retiring']),
  endpoint: z.enum(['direct', 'pooled']),
  host: z.string(),
  port: z.number().int(),
  verdict: z.enum(['accepted', 'refused', 'unknown']),
  at: time,
});

export const verification = z.object({ works: z.boolean(), logins: z.array(login) });
export type VerificationWire = z.infer<typeof verification>;
