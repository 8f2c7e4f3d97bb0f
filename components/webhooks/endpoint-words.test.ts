import { expect, it } from 'vitest';
import type { WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { askedFor, endpointState, placeOf } from './endpoint-words.ts';

const AT = '2026-11-22T10:00:00.000Z';
const endpoint: WebhookEndpointWire = {
  id: 'whe_1',
  organization_id: 'org_1',
  dialect: 'standard',
  url: 'https://hooks.example.com/rekey',
  description: null,
  event_types: ['credentials.rotated', 'job.failed'],
  is_active: true,
  disabled_reason: null,
  disabled_at: null,
  failing_since: null,
  last_delivered_at: null,
  secret_created_at: AT,
  created_at: AT,
  updated_at: AT,
};

it.each<[string, Partial<WebhookEndpointWire>]>([
  ['Not called yet', {}],
  ['Answers', { last_delivered_at: AT }],
  ['Deliveries fail', { last_delivered_at: AT, failing_since: AT }],
  ['Off', { is_active: false, disabled_at: AT, failing_since: AT }],
  ['Turned off by Rekey', { is_active: false, disabled_at: AT, disabled_reason: 'gone' }],
])('%s', (text, more) => {
  expect(endpointState({ ...endpoint, ...more }).text).toBe(text);
});

it('says what it is told, and where', () => {
  expect(askedFor(endpoint)).toBe('credentials.rotated, job.failed');
  expect(askedFor({ ...endpoint, event_types: ['job.*', '*'] })).toBe('all events');
  expect(placeOf('https://hooks.example.com/')).toBe('hooks.example.com');
});
