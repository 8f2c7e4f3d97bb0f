import { expect, it } from 'vitest';
import { redactOutput } from './redact-output.ts';

const PASSWORD = `p@ss "w' rd!é`;
const KEY = '-----BEGIN KEY-----\nMIIBVgIBADANBgkq\n-----END KEY-----\n';

it.each([
  ['as it is', PASSWORD],
  ['in a URL', 'p%40ss%20%22w%27%20rd%21%C3%A9'],
  ['in a URL, as JavaScript encodes it', encodeURIComponent(PASSWORD)],
  ['in a form', 'p%40ss+%22w%27+rd%21%C3%A9'],
  ['in JSON', `p@ss \\"w' rd!é`],
  ['in base64', Buffer.from(PASSWORD).toString('base64')],
])('leaves out a value that was printed %s', (_, printed) => {
  expect(redactOutput(`login with <${printed}>: ok`, ['other', PASSWORD])).toBe('login with <[redacted]>: ok');
});

it('leaves out each line of a value that has several', () => {
  expect(redactOutput('  MIIBVgIBADANBgkq\r\nok', [KEY])).toBe('  [redacted]\r\nok');
});

it('leaves out the longer of two values that begin alike, and keeps what is too short to be one', () => {
  expect(redactOutput('secret-2 and yes', ['secret', 'secret-2', 'yes'])).toBe('[redacted] and yes');
});
