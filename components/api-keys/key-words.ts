import { DAY_MS } from '#components/ui/format-time.ts';
import type { ApiKeyWire, CreateApiKeyBody } from '#lib/contract/account.ts';

export type KeyScope = CreateApiKeyBody['scopes'][number];

/** What each scope lets a key do. */
export const SCOPE_WORDS: Record<KeyScope, string> = {
  'projects:read': 'see projects, sites and jobs',
  'projects:write': 'add, change and forget them',
  'servers:manage': 'set the rotator of a server',
  'credentials:read': 'read passwords',
  'credentials:rotate': 'rotate; a site’s reset returns the new password',
  'audit:read': 'read the audit log',
  'api-keys:manage': 'create and revoke keys',
  'members:read': 'list the members',
  'members:manage': 'invite and remove members',
  'integrations:sync': 'sync passwords to integrations',
  'integrations:manage': 'manage integrations; connecting one needs credentials:read too',
  'webhooks:manage': 'manage webhooks',
  'encryption:rotate': 'wrap secrets with a new encryption key',
};
export const ALL_SCOPES = Object.keys(SCOPE_WORDS) as KeyScope[];

/** From how long before its end a key is called out. */
const SOON_MS = 14 * DAY_MS;

export type KeyEnd = 'revoked' | 'ended' | 'rotated' | 'soon' | 'later' | 'never';

/** How a key stands to its end: `rotated` works beside the key that took its place, and ends by itself. */
export function endOf({ revoked_at: revoked, expires_at: end, replaced_by_id: next }: ApiKeyWire, now: Date): KeyEnd {
  if (revoked !== null) return 'revoked';
  if (end === null) return 'never';
  const left = new Date(end).getTime() - now.getTime();
  if (left <= 0) return 'ended';
  if (next !== null) return 'rotated';
  return left < SOON_MS ? 'soon' : 'later';
}

/** Keys that work first; the newest first among each. */
export const inOrder = (keys: ApiKeyWire[]): ApiKeyWire[] => [...keys].sort((a, b) => Number(b.is_active) - Number(a.is_active));

export const hasAllScopes = (scopes: readonly string[]): boolean => ALL_SCOPES.every((scope) => scopes.includes(scope));

/** The readable beginning of a key. */
export const beginningOf = ({ key_prefix: prefix }: ApiKeyWire): string => `${prefix}…`;
