import { z } from 'zod';
import { CA_MAX_LENGTH, createProjectBody, sslMode } from '#lib/contract/project.ts';

/** The form's fields are texts, empty where nothing was given; their rules are those of the API. */
export const adoptForm = z.object({
  name: createProjectBody.shape.name,
  environment: createProjectBody.shape.environment.unwrap(),
  connection_url: createProjectBody.shape.connection_url,
  pooled_connection_url: z.string().max(4096),
  rotator_url: z.string().max(4096),
  ssl_mode: z.union([z.literal(''), sslMode]),
  ca_pem: z.string().max(CA_MAX_LENGTH),
  allows_md5: z.boolean(),
});
export type AdoptValues = z.infer<typeof adoptForm>;
