import { env } from '#lib/kernel/env.ts';
import { DomainError } from '#lib/kernel/errors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a state-changing request that rides on the cookie from another site's page. Browsers always send Origin
 * with these; it must be the address of NEXTAUTH_URL or the very host that was asked.
 */
export function checkOrigin(request: Request): void {
  if (SAFE.has(request.method)) return;
  const origin = request.headers.get('origin');
  const parsed = origin !== null && URL.canParse(origin) ? new URL(origin) : null;
  if (parsed && (parsed.origin === new URL(env.NEXTAUTH_URL).origin || parsed.host === request.headers.get('host'))) return;
  throw new DomainError(
    'origin_refused',
    'The request did not come from this dashboard. Nothing was changed. Set NEXTAUTH_URL to the address people open, or use an API key.',
  );
}
