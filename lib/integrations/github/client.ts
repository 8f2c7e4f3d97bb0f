import type { z } from 'zod';
import { apiPath, callProvider, type Explain, type ProviderCall } from '#lib/integrations/call-provider.ts';
import { IntegrationError } from '#lib/integrations/integration.ts';
import { env } from '#lib/kernel/env.ts';

const explain: Explain = ({ status, headers }) => {
  // A rate limit may come as a 403 (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
  if (status === 403 && (headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0')) return 'rate_limited';
  // Where a repository has moved, GitHub redirects to its new name.
  return [301, 302, 307, 308].includes(status) ? 'place_missing' : null;
};

/** Asks GitHub. Throws IntegrationError. */
export const callGithub = <S extends z.ZodType>(schema: S, { path, ...call }: Omit<ProviderCall, 'url'> & { path: string }): Promise<z.output<S>> =>
  callProvider(schema, { ...call, url: `${env.REKEY_GITHUB_API_URL}${path}` }, explain);

/** The path of a repository by `owner/name`. Throws place_missing where it is no such name. */
export function repositoryPath(externalId: string): string {
  const [owner = '', name = '', ...rest] = externalId.split('/');
  if (rest.length > 0) throw new IntegrationError('place_missing');
  return apiPath`/repos/${owner}/${name}`;
}
