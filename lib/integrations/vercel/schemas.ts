// What Rekey reads of Vercel's answers; whatever else is in them is left aside.
import { z } from 'zod';

export const projectSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** A team's id, or a person's. */
  accountId: z.string(),
});
export const projectsSchema = z.object({ projects: z.array(projectSchema) });
export const teamsSchema = z.object({ teams: z.array(z.object({ id: z.string() })) });

const link = <Type extends string, Shape extends z.ZodRawShape>(types: Type[], shape: Shape) =>
  z.object({ type: z.literal(types), productionBranch: z.string(), ...shape });
const linkSchema = z.discriminatedUnion('type', [
  link(['github', 'github-limited'], { repoId: z.number() }),
  link(['gitlab'], { projectId: z.string() }),
  link(['bitbucket'], { uuid: z.string(), workspaceUuid: z.string() }),
]);
export type Link = z.infer<typeof linkSchema>;
/** `link` is null where a project is built from no repository that can be named in a deployment. */
export const linkedProjectSchema = projectSchema.extend({ link: linkSchema.nullable().catch(null) });

export const variableSchema = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  target: z.union([z.array(z.string()), z.string().transform((target) => [target])]).default([]),
  customEnvironmentIds: z.array(z.string()).nullish(),
  gitBranch: z.string().nullish(),
  value: z.string().optional(),
  decrypted: z.boolean().optional(),
  /** Both tell that another integration of Vercel's looks after the variable. */
  configurationId: z.string().nullish(),
  contentHint: z.unknown().optional(),
});
export type StandingVariable = z.infer<typeof variableSchema>;
export const variablesSchema = z.object({ envs: z.array(variableSchema) });

/** A 201 may have taken some and failed others. */
export const putSchema = z.object({
  failed: z.array(z.object({ error: z.object({ code: z.string(), key: z.string().optional(), envVarKey: z.string().optional() }) })).default([]),
});

export const errorSchema = z.object({ error: z.object({ code: z.string().optional(), invalidToken: z.boolean().optional() }) });
export const deploymentsSchema = z.object({ deployments: z.array(z.object({ uid: z.string(), name: z.string() })) });
export const deploymentSchema = z.object({ id: z.string() });
