import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { generateSecret } from './endpoint-secret.ts';
import { signWebhook } from './sign.ts';

const body = JSON.stringify({ id: 'evt_1', type: 'credentials.rotated', data: { role_name: 'shöp_app' } });
const timestamp = Math.floor(Date.now() / 1000);
const [former, present, other] = [generateSecret(), generateSecret(), generateSecret()];
const headers = signWebhook({ id: 'evt_1', timestamp, body }, [present, former]);
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
  ['another time', () => verify(present, { ...headers, 'webhook-timestamp': String(timestamp + 1) })],
  ['an old time', () => verify(present, signWebhook({ id: 'evt_1', timestamp: timestamp - 3600, body }, [present]))],
])('is refused by it with %s', (_, broken) => {
  expect(broken).toThrow();
});

it('uses secrets of 32 bytes that are never the same', () => {
  expect(Buffer.from(present.reveal().replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
  expect(present.reveal()).not.toBe(former.reveal());
});
