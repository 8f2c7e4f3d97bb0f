import { expect, it } from 'vitest';
import type { Protection } from '#lib/engines/engine.ts';
import { protectionText } from './protection.ts';

const KEY = '3f9a2b1c'.padEnd(64, '0');
const end = (channel: Protection['channel'], method: Protection['method'], key: string | null = KEY): Protection => ({ channel, method, key });

it.each<[Protection, Protection | null, string]>([
  [end('verified', 'scram'), null, 'Verified certificate, SCRAM'],
  [end('pinned', 'scram'), null, 'Trusted server key 3f9a2b1c…, SCRAM'],
  [end('bound', 'scram_bound'), null, 'Trusted server key 3f9a2b1c…, SCRAM'],
  [end('pinned', 'sha2_full'), null, 'Trusted server key 3f9a2b1c…, caching_sha2'],
  [end('unproven', 'native'), null, 'TLS, server key not trusted yet: native password only'],
  [end('plain', 'scram', null), null, 'No TLS: SCRAM only'],
  [end('plain', 'native', null), null, 'No TLS: native password only'],
  [end('plain', 'md5', null), null, 'No TLS, MD5 by choice'],
  [end('verified', null), null, 'Verified certificate, no password required'],
  [end('plain', 'scram', null), end('plain', 'scram', null), 'No TLS: SCRAM only'],
  [end('verified', 'scram'), end('plain', 'scram', null), 'Verified certificate, SCRAM. Pooler: No TLS: SCRAM only'],
])('says in one line what protects a login (%o, pooled %o)', (direct, pooled, text) => {
  expect(protectionText({ direct, pooled })).toBe(text);
});
