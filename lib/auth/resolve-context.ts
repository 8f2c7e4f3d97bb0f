import { hashKey, isMistypedKey } from '#lib/api-keys/key-format.ts';
import { auditRefusals } from '#lib/audit/audit-refusals.ts';
import { recordRefusal } from '#lib/audit/record-refusal.ts';
import { storeTime } from '#lib/kernel/clock.ts';
import type { Context, Origin } from '#lib/kernel/context.ts';
import { db } from '#lib/kernel/db.ts';
import { env } from '#lib/kernel/env.ts';
import { DomainError } from '#lib/kernel/errors.ts';
import { readCookies } from '#lib/kernel/read-cookies.ts';
import { readOrigin } from '#lib/kernel/read-origin.ts';
import { readSessionId, SESSION_COOKIE } from './cookies.ts';
import { readSession } from './read-session.ts';

const USED_AT_EVERY_MS = 60_000;

const refused = (detail: string) => new DomainError('unauthenticated', detail);

/** Returns the context of a live API key. Reads the database each time, so that revoking a key takes effect at once. */
async function authenticateKey(key: string, origin: Origin): Promise<Context> {
  const row = await db.apiKey.findUnique({ where: { keyHash: hashKey(key) } });
  if (!row) throw refused(isMistypedKey(key) ? 'This API key is incomplete or mistyped. Copy the whole key.' : 'This API key is not known here.');
  const actor = { kind: 'api_key', id: row.id, name: row.name, scopes: row.scopes, projectId: row.projectId } as const;
  const context: Context = { organizationId: row.organizationId, origin, actor };
  const now = storeTime();
  const isExpired = row.expiresAt !== null && row.expiresAt <= now;
  if (row.revokedAt || isExpired) {
    const reason = row.revokedAt ? 'This API key was revoked.' : 'This API key has expired.';
    await recordRefusal(context, { action: 'api_key.refused', target: { type: 'api_key', id: row.id, name: row.name }, reason });
    throw refused(`${reason} Create another one.`);
  }
  if (!row.lastUsedAt || now.getTime() - row.lastUsedAt.getTime() >= USED_AT_EVERY_MS)
    await db.apiKey.updateMany({ where: { id: row.id }, data: { lastUsedAt: now, lastUsedAddress: origin.address ?? null } });
  return context;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a state-changing request that rides on the cookie from another site's page. Browsers always send Origin
 * with these; it must be the address of NEXTAUTH_URL or the very host that was asked.
 */
function checkOrigin(request: Request): void {
  if (SAFE.has(request.method)) return;
  const origin = request.headers.get('origin');
  const parsed = origin !== null && URL.canParse(origin) ? new URL(origin) : null;
  if (parsed && (parsed.origin === new URL(env.NEXTAUTH_URL).origin || parsed.host === request.headers.get('host'))) return;
  throw new DomainError(
    'origin_refused',
    'The request did not come from this dashboard. Nothing was changed. Set NEXTAUTH_URL to the address people open, or use an API key.',
  );
}

/** Returns the caller's context: of the API key if there is an Authorization or X-API-Key header, otherwise of the dashboard session. */
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
