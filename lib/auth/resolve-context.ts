import { auditRefusals } from '#lib/audit/audit-refusals.ts';
import type { Context } from '#lib/kernel/context.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { readCookies } from '#lib/kernel/read-cookies.ts';
import { readOrigin } from '#lib/kernel/read-origin.ts';
import { authenticateKey } from './authenticate-key.ts';
import { checkOrigin } from './check-origin.ts';
import { readSession } from './read-session.ts';
import { readSessionId, SESSION_COOKIE } from './session-cookie.ts';

/** Who sends this request: an API key where there is an Authorization or X-API-Key header, else the dashboard's session. */
export async function resolveContext(request: Request, requestId: string): Promise<Context> {
  const origin = readOrigin(request.headers, requestId);
  const authorization = request.headers.get('authorization');
  const bare = request.headers.get('x-api-key');
  if (authorization !== null) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (!key) throw new DomainError('unauthenticated', 'Send the API key as `Authorization: Bearer rk_live_…`.');
    return authenticateKey(key, origin);
  }
  if (bare !== null) return authenticateKey(bare.trim(), origin);
  const sessionId = await readSessionId(readCookies(request).get(SESSION_COOKIE.name));
  const context = sessionId === null ? null : await readSession(sessionId, origin);
  if (!context) throw new DomainError('unauthenticated', 'Nobody is signed in. Sign in, or send an API key as `Authorization: Bearer rk_live_…`.');
  await auditRefusals(context, {}, () => checkOrigin(request));
  return context;
}
