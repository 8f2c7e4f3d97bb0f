import { z } from 'zod';
import { id, time } from '#lib/http/wire/common.ts';

export const deployment = z.object({
  id,
  environment_id: id,
  vector_environment_id: id,
  status: z.enum(['pending', 'deploying', 'deployed', 'failed']),
  stdout: z.string(),
  stderr: z.string(),
  actor: z.string(),
  created_at: time,
  updated_at: time,
  /** Ours, beside the documented fields. */
  number: z.number().int(),
  /** The job of the projects dialect; null where there is no database. */
  job_id: z.string().nullable(),
  /** The version of the password it carries. */
  credential_version: z.number().int().nullable(),
  error_code: z.string().nullable(),
  started_at: time.nullable(),
  finished_at: time.nullable(),
});
export type DeploymentWire = z.infer<typeof deployment>;

export const createDeploymentBody = z.strictObject({
  /** It has been deployed by other means: no hook is called. */
  mark_as_deployed: z.boolean().optional(),
});
export type CreateDeploymentBody = z.infer<typeof createDeploymentBody>;

export const deploymentParams = z.object({ siteId: id.optional(), environmentId: id.optional(), deploymentId: id });
export type DeploymentParams = z.infer<typeof deploymentParams>;

/** What a deploy hook fetches with its token. */
export const variables = z.object({ variables: z.record(z.string(), z.string()) });
export const reportBody = z.strictObject({
  status: z.enum(['deployed', 'failed']),
  stdout: z.string().max(65_536).optional(),
  stderr: z.string().max(65_536).optional(),
});
export type ReportBody = z.infer<typeof reportBody>;
