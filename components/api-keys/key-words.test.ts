import { expect, test } from 'vitest';
import type { ApiKeyWire } from '#lib/contract/account.ts';
import { endOf, hasAllScopes, inOrder } from './key-words.ts';

const now = new Date('2026-11-22T12:00:00Z');
const key = (more: Partial<ApiKeyWire>): ApiKeyWire => ({
  id: 'key_1',
  organization_id: 'org_1',
  project_id: null,
  name: 'CI',
  key_prefix: 'rk_live_4mQ2',
  scopes: ['projects:read'],
  device_name: null,
  source: 'dashboard',
  is_active: true,
  created_by_user_id: null,
  last_used_at: null,
  last_used_address: null,
  expires_at: null,
  revoked_at: null,
  revoked_by: null,
  replaced_by_id: null,
  created_at: now.toISOString(),
  ...more,
});

test.each([
  ['never', {}],
  ['later', { expires_at: '2026-12-06T12:00:00Z' }],
  ['soon', { expires_at: '2026-12-06T11:59:59Z' }],
  ['rotated', { expires_at: '2026-11-23T12:00:00Z', replaced_by_id: 'key_2' }],
  ['ended', { expires_at: '2026-11-22T12:00:00Z', replaced_by_id: 'key_2' }],
  ['revoked', { expires_at: '2026-11-23T12:00:00Z', revoked_at: '2026-11-22T11:00:00Z' }],
] as const)('a key’s end is %s', (end, more) => {
  expect(endOf(key(more), now)).toBe(end);
});

test('keys that work stand first, in the order they came in', () => {
  const keys = [key({ id: 'a', is_active: false }), key({ id: 'b' }), key({ id: 'c', is_active: false }), key({ id: 'd' })];
  expect(inOrder(keys).map(({ id }) => id)).toEqual(['b', 'd', 'a', 'c']);
});

test('some scopes are not all', () => {
  expect(hasAllScopes(['projects:read', 'credentials:rotate'])).toBe(false);
});
