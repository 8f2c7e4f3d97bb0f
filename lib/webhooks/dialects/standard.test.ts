import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { generateSecret } from '#lib/webhooks/endpoint-secret.ts';
import { rulesOf } from './rules-of.ts';

const event = {
  id: 'evt_1',
  organizationId: 'org_1',
  projectId: 'prj_1',
  projectName: 'shop',
  type: 'credentials.rotated',
  data: { role_name: 'shöp_app' },
  createdAt: new Date(),
};
const { bodyOf, headersOf } = rulesOf('standard');
const body = bodyOf(event);
const [former, present, other] = [generateSecret(), generateSecret(), generateSecret()];
const sign = (at: Date) => headersOf({ event, deliveryId: 'dlv_1', body, secrets: [present, former], at });
const headers = sign(new Date());
const verify = (secret: typeof present, sent = headers, text = body) => new Webhook(secret.reveal()).verify(text, sent);

it('is accepted by the reference library with either of two secrets', () => {
  expect(verify(present)).toEqual(JSON.parse(body));
  expect(verify(former)).toEqual(JSON.parse(body));
  expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
});

it.each([
  ['another secret', () => verify(other)],
  ['another body', () => verify(present, headers, `${body} `)],
  ['another id', () => verify(present, { ...headers, 'webhook-id': 'evt_2' })],
  ['another time', () => verify(present, { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })],
  ['an old time', () => verify(present, sign(new Date(Date.now() - 3_600_000)))],
])('is refused by it with %s', (_, broken) => {
  expect(broken).toThrow();
});

it('uses secrets of 32 bytes that are never the same', () => {
  expect(Buffer.from(present.reveal().replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
  expect(present.reveal()).not.toBe(former.reveal());
});
