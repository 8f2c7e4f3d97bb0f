import { expect, test } from 'vitest';
import { plain } from '#components/ui/sentence.ts';
import type { AuditEventWire } from '#lib/contract/audit.ts';
import { AUDIT_ACTIONS } from '#lib/contract/audit-actions.ts';
import { actorWords, auditWords } from './audit-words.ts';

const event = (action: string, metadata: Record<string, unknown> = {}): AuditEventWire => ({
  id: 'aud_1',
  organization_id: 'org_1',
  project_id: 'prj_1',
  action,
  actor_id: 'usr_1',
  actor_kind: 'user',
  actor_name: 'owner@example.com',
  address: '10.0.9.12',
  seq: 7,
  project_name: 'shop',
  outcome: 'done',
  reason: null,
  actor_role: 'owner',
  method: 'session',
  key_id: null,
  signed_in_at: null,
  user_agent: null,
  request_id: null,
  target_type: null,
  target_id: null,
  target_name: null,
  created_at: '2026-11-21T14:02:10.000Z',
  metadata,
});
const told = (action: string, metadata?: Record<string, unknown>): string => {
  const { did, why } = auditWords(event(action, metadata));
  return `${plain(did)}${why === null ? '' : ` | ${why}`}`;
};

test('actions are told with what they were done to', () => {
  expect(told('project.rotation_requested', { role_name: 'shop_app', reason: 'departure', note: 'Contractor access ended' })).toBe(
    'requested a rotation of shop_app | departure: “Contractor access ended”',
  );
  expect(told('project.credentials_rotated', { role_name: 'shop_app', from_version: 14, requested_by: 'owner@example.com', reason: 'compromise' })).toBe(
    'rotated the credentials of shop_app, away from v14 | requested by owner@example.com · leak',
  );
  expect(told('project.credentials_rotated', { role_name: 'shop_app', from_version: 14, to_version: 15 })).toBe(
    'rotated the credentials of shop_app, v14 to v15',
  );
  expect(told('project.rotation_failed', { role_name: 'shop_app', code: 'pooler_refused_new' })).toBe(
    'could not rotate shop_app: the pooler rejects the new password',
  );
  expect(told('project.credential_recovered', { role_name: 'shop_app', from_version: 14, to_version: 15 })).toBe(
    'found that of the stored passwords of shop_app not v14 but v15 works, and now uses it',
  );
  expect(told('project.connection_viewed', { role_name: 'shop_app', version: 15 })).toBe('read the URL of shop_app, v15');
  expect(told('project.updated', { fields: ['name', 'environment', 'rotator_url'] })).toBe('changed the name, the environment and the rotator login');
  expect(told('project.sessions_ended', { role_name: 'shop_app', count: 1 })).toBe('closed 1 session of shop_app');
  const psql = { role_name: 'shop_app', count: 2, application: 'psql', address: '10.0.9.31' };
  expect(told('project.sessions_ended', psql)).toBe('closed 2 sessions of shop_app from psql at 10.0.9.31');
  expect(told('project.sessions_ended', { ...psql, application: '' })).toBe('closed 2 sessions of shop_app from 10.0.9.31');
});

test.each(AUDIT_ACTIONS)('%s has a sentence', (action) => {
  expect(told(action)).not.toContain(action);
});

test('members are told with their role and reach', () => {
  expect(told('member.changed', { email: 'dev@example.com', role: 'operator', projects: 2 })).toBe('changed what dev@example.com may do: operator, 2 projects');
  expect(told('member.changed', { email: 'dev@example.com', role: 'admin', projects: null })).toBe('changed what dev@example.com may do: admin, all projects');
});

test('webhooks are told by their host', () => {
  expect(told('webhook.created', { host: 'hooks.example.com' })).toBe('added a webhook to hooks.example.com');
  expect(told('webhook.disabled', { host: 'hooks.example.com' })).toBe('disabled the webhook to hooks.example.com: it answered 410');
  expect(told('webhook.disabled', { host: 'a.example', reason: 'failing' })).toBe('disabled the webhook to a.example: no delivery succeeded for three days');
});

test('integrations are told by their provider and place', () => {
  const place = { provider: 'vercel', name: 'shop-web' };
  expect(told('project.integration_synced', { ...place, version: 15 })).toBe('synced v15 to Vercel · shop-web');
  expect(told('project.integration_updated', { ...place, fields: ['token', 'targets'] })).toBe('changed the token and the targets of Vercel · shop-web');
  expect(told('project.integration_updated', place)).toBe('changed the settings of Vercel · shop-web');
});

test('an action without a sentence is named as it is', () => {
  expect(told('project.painted')).toBe('did project.painted');
});

test('metadata of the wrong kind does no harm', () => {
  expect(told('project.updated', { fields: 7 })).toBe('changed the project');
  expect(told('project.connection_viewed', { role_name: 3, version: 'x' })).toBe('read the URL of the role');
});

test('who acted', () => {
  expect((['user', 'api_key', 'system'] as const).map((kind) => actorWords({ actor_kind: kind }))).toEqual(['signed in', 'with an API key', 'automatic']);
});
