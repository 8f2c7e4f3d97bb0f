import type { z } from 'zod';
import { callProvider, type Explain, type ProviderCall } from '#lib/integrations/call-provider.ts';
import type { IntegrationFailure } from '#lib/integrations/integration.ts';
import { env } from '#lib/kernel/env.ts';
import { errorSchema } from './schemas.ts';

const CONFLICTS = ['ENV_CONFLICT', 'ENV_ALREADY_EXISTS'];

/** What one of Vercel's error codes says of a variable. */
export const failureOfVariable = (code: string): IntegrationFailure => (CONFLICTS.includes(code) ? 'target_conflict' : 'value_refused');

const explain: Explain = ({ body }) => {
  const { code = '', invalidToken } = errorSchema.safeParse(body).data?.error ?? {};
  if (invalidToken) return 'token_refused';
  return CONFLICTS.includes(code) ? 'target_conflict' : null;
};

export interface VercelCall extends Omit<ProviderCall, 'url'> {
  path: string;
  teamId: string | null;
}

/** Asks Vercel, for a team where `teamId` is given. Throws IntegrationError. */
export const callVercel = <S extends z.ZodType>(schema: S, { path, teamId, query, ...call }: VercelCall): Promise<z.output<S>> =>
  callProvider(schema, { ...call, url: `${env.REKEY_VERCEL_API_URL}${path}`, query: { ...query, teamId } }, explain);
