import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { generateSecret } from '#lib/webhooks/endpoint-secret.ts';
import { rulesOf } from './rules-of.ts';

const AT = new Date('2026-11-22T10:00:00.900Z');
const event = {
  id: 'evt_1',
  organizationId: 'org_1',
  projectId: 'prj_1',
  projectName: 'north-bakery',
  type: 'vector.environment.database-password-reset',
  data: { environment_id: 'env_1', name: 'Bäckerei' },
  createdAt: new Date('2026-11-22T09:59:58.000Z'),
};
const rules = rulesOf('vector');
const [present, former] = [generateSecret(), generateSecret()];

/** The documented recipe: `t` and `v1` out of the header, HMAC-SHA256 of "<t>.<raw body>" in hexadecimal. */
function verifies(header: string, body: string, secret: string): boolean {
  const t = /t=(\d+)/.exec(header)?.[1];
  const given = [...header.matchAll(/v1=([0-9a-f]{64})(?:,|$)/g)].map(([, hex]) => hex);
  return given.includes(createHmac('sha256', secret).update(`${t}.${body}`).digest('hex'));
}

it('sends what happened under its own name, signed after the documented recipe', () => {
  const body = rules.bodyOf(event);
  expect(JSON.parse(body)).toEqual({ event: event.type, occurred_at: '2026-11-22T09:59:58.000Z', data: event.data });
  const headers = rules.headersOf({ event, deliveryId: 'dlv_1', body, secrets: [present], at: AT });
  expect(headers).toEqual({
    'X-Vector-Event': event.type,
    'X-Vector-Delivery': 'dlv_1',
    'X-Vector-Signature': expect.stringMatching(/^t=1795341600,v1=[0-9a-f]{64}$/),
  });
  const signature = headers['X-Vector-Signature'] ?? '';
  expect(verifies(signature, body, present.reveal())).toBe(true);
  expect(verifies(signature, `${body} `, present.reveal())).toBe(false);
  expect(verifies(signature, body, former.reveal())).toBe(false);
});

it('carries one signature: the published recipes keep the last of several', () => {
  const body = rules.bodyOf(event);
  const headers = rules.headersOf({ event, deliveryId: 'dlv_1', body, secrets: [former, present], at: AT });
  expect(headers['X-Vector-Signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect([former, present].map((secret) => verifies(headers['X-Vector-Signature'] ?? '', body, secret.reveal()))).toEqual([true, false]);
});

it('is sent Rekey’s own events under names of its world', () => {
  expect(JSON.parse(rules.bodyOf({ ...event, type: 'credentials.rotated' })).event).toBe('vector.project.credentials-rotated');
});
