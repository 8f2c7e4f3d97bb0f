import { describe, expect, it } from 'vitest';
import { hasProvenItself, mayHearVerifier, refusalOf } from './channel.ts';
import type { Channel, Method } from './engine.ts';

const METHODS: Method[] = ['scram_bound', 'scram', 'scram_weak', 'md5', 'native', 'sha2_fast', 'sha2_full', 'sha2_rsa', 'cleartext'];

const ALLOWED: Record<Channel, Method[]> = {
  verified: ['scram_bound', 'scram', 'scram_weak', 'md5', 'native', 'sha2_fast', 'sha2_full', 'sha2_rsa'],
  pinned: ['scram_bound', 'scram', 'scram_weak', 'md5', 'native', 'sha2_fast', 'sha2_full', 'sha2_rsa'],
  unproven: ['scram_bound', 'scram', 'native', 'sha2_fast', 'sha2_rsa'],
  changed: ['scram_bound'],
  plain: ['scram', 'native', 'sha2_fast', 'sha2_rsa'],
};

describe.each(Object.entries(ALLOWED) as [Channel, Method[]][])('over a channel that is %s', (channel, allowed) => {
  it.each(METHODS)('answers or refuses %s', (method) => {
    expect(refusalOf(channel, method) === null).toBe(allowed.includes(method));
  });

  it('never answers in clear text, whatever is allowed for the login', () => {
    expect(refusalOf(channel, 'cleartext', true)).toBe(channel === 'changed' ? 'server_key_changed' : 'cleartext_refused');
  });
});

it('answers MD5 to an unproven server only if a person allowed it, and never to a changed key', () => {
  expect(refusalOf('plain', 'md5')).toBe('md5_refused');
  expect(refusalOf('unproven', 'md5')).toBe('md5_refused');
  expect(refusalOf('plain', 'md5', true)).toBeNull();
  expect(refusalOf('unproven', 'md5', true)).toBeNull();
  expect(refusalOf('changed', 'md5', true)).toBe('server_key_changed');
});

it('names the reason', () => {
  expect(refusalOf('plain', 'scram_weak')).toBe('scram_iterations_too_low');
  expect(refusalOf('plain', 'sha2_full')).toBe('cleartext_refused');
  expect(refusalOf('plain', 'scram_bound')).toBe('auth_method_unsupported');
});

it('sends a verifier to a server that has proven itself or asked for the password, and a password to none that only asked', () => {
  const proven = ['verified', 'pinned', 'bound'] as const;
  const others = ['unproven', 'plain'] as const;
  const of = (channel: Channel | 'bound', method: Method | null) => ({ channel, key: null, method });
  for (const channel of proven) expect([hasProvenItself, mayHearVerifier].map((may) => may(of(channel, null)))).toEqual([true, true]);
  for (const channel of others) {
    expect([hasProvenItself, mayHearVerifier].map((may) => may(of(channel, null)))).toEqual([false, false]);
    for (const method of ['md5', 'native', 'sha2_fast'] as const)
      expect([hasProvenItself, mayHearVerifier].map((may) => may(of(channel, method)))).toEqual([false, true]);
    expect([hasProvenItself, mayHearVerifier].map((may) => may(of(channel, 'scram')))).toEqual([true, true]);
  }
});
