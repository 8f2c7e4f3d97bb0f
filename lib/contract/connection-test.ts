import { z } from 'zod';
import { id } from './common.ts';
import { createProjectBody } from './project.ts';

export const connectionTestBody = createProjectBody
  .pick({
    connection_url: true,
    pooled_connection_url: true,
    rotator_url: true,
    ssl_mode: true,
    ca_pem: true,
    allows_md5: true,
  })
  .extend({
    /** The project that the URL is for: at its address, its TLS mode and CA apply where none are given, and its server key is trusted. */
    project_id: id.optional(),
  });
export type ConnectionTestBody = z.infer<typeof connectionTestBody>;

/** In the order in which a login meets them. */
export const TEST_STEPS = ['reachable', 'tls', 'login', 'rights', 'pooler'] as const;

export const connectionTest = z.object({
  /** Whether the password logged in, directly and through the pooler where one is given. */
  logs_in: z.boolean(),
  steps: z.array(
    z.object({
      step: z.enum(TEST_STEPS),
      /** `warn`: it works, with what the text says. `not_tried`: an earlier step failed, or nothing was given for it. */
      result: z.enum(['ok', 'warn', 'failed', 'not_tried']),
      text: z.string(),
    }),
  ),
  /** A project that keeps this login at this address, and whose password has never worked: it can be given this one. Null for a test with `project_id`. */
  unproven_project: z.object({ id, name: z.string() }).nullable(),
});
export type ConnectionTestWire = z.infer<typeof connectionTest>;
export const connectionTestAnswer = z.object({ connection_test: connectionTest });
