// What Rekey reads of GitHub's answers; whatever else is in them is left aside.
import { z } from 'zod';

export const repositorySchema = z.object({
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean().default(false),
  permissions: z.object({ push: z.boolean() }).optional(),
});
export const repositoriesSchema = z.array(repositorySchema);

export const publicKeySchema = z.object({ key_id: z.string(), key: z.base64() });
export const secretsSchema = z.object({ total_count: z.number(), secrets: z.array(z.object({ name: z.string() })) });

export const environmentsSchema = z.object({ environments: z.array(z.object({ name: z.string() })).default([]) });

/** Newer versions answer with the run, older ones with nothing. */
export const dispatchSchema = z.object({ workflow_run_id: z.number() }).nullish().catch(null);
