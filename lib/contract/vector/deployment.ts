import { z } from 'zod';
import { id, time } from '#lib/contract/common.ts';
import { pageQuery } from './envelope.ts';

export const deployment = z.object({
  id,
  environment_id: id,
  vector_environment_id: id,
  status: z.enum(['pending', 'deploying', 'deployed', 'failed']),
  status_label: z.string(),
  stdout: z.string(),
  stderr: z.string(),
  actor: z.string(),
  environment: z.object({
    id,
    vector_site_id: id,
    partner_customer_id: z.string(),
    your_customer_id: z.string(),
    name: z.string(),
    is_production: z.boolean(),
    php_version: z.string(),
    tags: z.array(z.string()),
    custom_domain: z.string().nullable(),
    created_at: time,
    updated_at: time,
  }),
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
  /** The same as `finished_at`. */
  completed_at: time.nullable(),
});
export type DeploymentWire = z.infer<typeof deployment>;

export const createDeploymentBody = z.object({
  /** It has been deployed by other means: no hook is called. */
  mark_as_deployed: z.boolean().optional(),
});
export type CreateDeploymentBody = z.infer<typeof createDeploymentBody>;

export const deploymentParams = z.object({ siteId: id.optional(), environmentId: id.optional(), deploymentId: id });
export type DeploymentParams = z.infer<typeof deploymentParams>;

export const siteDeploymentsQuery = pageQuery.extend({ environment: z.string().max(100).optional() });
export type SiteDeploymentsQuery = z.infer<typeof siteDeploymentsQuery>;

/** What a deploy hook fetches with its token. */
export const variables = z.object({ variables: z.record(z.string(), z.string()) });
export const reportBody = z.object({
  status: z.enum(['deployed', 'failed']),
  stdout: z.string().max(65_536).optional(),
  stderr: z.string().max(65_536).optional(),
});
export type ReportBody = z.infer<typeof reportBody>;
