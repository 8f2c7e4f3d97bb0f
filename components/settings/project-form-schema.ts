import { z } from 'zod';
import { parseTags } from '#components/policies/policy-words.ts';
import { createProjectBody, environment } from '#lib/contract/project.ts';

/** What the settings of a project may be; tags as one text. */
export const projectForm = z.object({
  name: createProjectBody.shape.name,
  environment,
  tags: z.string().refine((text) => parseTags(text) !== null, 'Write tags as team=shop env=production, with a space between.'),
});
export type ProjectValues = z.infer<typeof projectForm>;
