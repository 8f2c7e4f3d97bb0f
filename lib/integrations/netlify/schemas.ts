// What Rekey reads of Netlify's answers; whatever else is in them is left aside.
import { z } from 'zod';

export const siteSchema = z.object({ id: z.string(), name: z.string(), account_id: z.string() });
export const sitesSchema = z.array(siteSchema);

export const variableSchema = z.object({
  key: z.string(),
  is_secret: z.boolean().default(false),
  values: z.array(z.object({ context: z.string(), value: z.string().default(''), context_parameter: z.string().nullish() })).default([]),
});
export type StandingVariable = z.infer<typeof variableSchema>;
export const variablesSchema = z.array(variableSchema);

export const buildSchema = z.object({ id: z.string() });
