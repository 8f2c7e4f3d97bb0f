import { z } from 'zod';

/** How every failure leaves the API: RFC 9457, plus `error` (= detail) for clients that read only that. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
  error: z.string(),
  /** Messages by field, each naming the fix. */
  errors: z.record(z.string(), z.array(z.string())).optional(),
  /** The job that blocks the request. */
  job_id: z.string().optional(),
});
export type ProblemWire = z.infer<typeof problem>;
