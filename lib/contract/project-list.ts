import { z } from 'zod';
import { flag, id, listQuery } from './common.ts';
import { environment, project, projectState, tags } from './project.ts';

/** Which projects, in which order. Without `limit` the first 500 of them. */
export const projectQuery = listQuery.extend({
  organization_id: id.optional(),
  /** Words, each of which stands in the name, the role or the host. */
  q: z.string().trim().min(1).max(200).optional(),
  engine: project.shape.engine.optional(),
  environment: environment.optional(),
  state: projectState.optional(),
  /** Whether a person has something to do: the password is not known, the last attempt failed, a consumer is to be updated, and so on. */
  needs_attention: flag.optional(),
  /** Passwords that are at least so many days old. One that was not rotated here yet counts from when Rekey was given it. */
  older_than_days: z.coerce.number().int().min(0).max(36_500).optional(),
  /** Those with this tag, such as `env=production`. */
  tag: z
    .string()
    .regex(/^[^=]{1,40}=.{1,80}$/, 'Write the tag as env=production.')
    .optional(),
  /** Those that this policy applies to; `none`: those that no policy applies to. */
  policy: id.optional(),
  /** Whether the password is older than its policy allows. */
  overdue: flag.optional(),
  /** Whether it is a database of a site. */
  of_site: flag.optional(),
  /** Those on the login of this project, itself among them. */
  login_of: id.optional(),
  /** At most 200 ids, separated by commas. */
  ids: z
    .string()
    .max(16_000)
    .transform((text) => text.split(','))
    .pipe(z.array(id).max(200, 'Give at most 200 ids.'))
    .optional(),
  /** `-age`: the oldest password first. `urgency`: those in which a person has something to do first, the most urgent above, then by name. `relevance`: names that begin with `q` first. */
  sort: z.enum(['name', '-name', 'age', '-age', 'created_at', '-created_at', 'urgency', 'relevance']).default('name'),
});
export type ProjectQuery = z.infer<typeof projectQuery>;

/** The same filters in a body, for what is done to all projects that match. `{}` matches all. */
export const projectFilter = z
  .strictObject({
    ...projectQuery.pick({ q: true, engine: true, environment: true, state: true, tag: true, policy: true }).shape,
    needs_attention: z.boolean(),
    older_than_days: z.number().int().min(0).max(36_500),
    overdue: z.boolean(),
    of_site: z.boolean(),
  })
  .partial();
export type ProjectFilter = z.infer<typeof projectFilter>;

/** Either `project_ids` or `filter`. */
export const projectSelection = { project_ids: z.array(id).min(1).max(5_000).optional(), filter: projectFilter.optional() };
export interface ProjectSelection {
  project_ids?: string[] | undefined;
  filter?: ProjectFilter | undefined;
}

export const changeProjectsBody = z.strictObject({
  ...projectSelection,
  /** The policy of their logins; null: what a tag rule or the organization's default says. */
  policy_id: id.nullable().optional(),
  /** Added to the tags they have; a tag with the same key is replaced. */
  tags: tags.optional(),
});
export type ChangeProjectsBody = z.infer<typeof changeProjectsBody>;
export const changeProjectsAnswer = z.object({ projects: z.number().int(), changed: z.number().int() });
