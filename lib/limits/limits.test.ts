import { expect, it } from 'vitest';
import { strangerGuessLimits, strangerLimit } from './limits.ts';

const buckets = (email: string, address: string) => strangerGuessLimits(email, address).map(({ bucket }) => bucket);

it('counts all addresses of an IPv6 network of 64 bits as one, and an IPv4 address by itself', () => {
  expect(buckets('ada@example.com', '2001:db8:1:2::1')).toEqual(buckets('ada@example.com', '2001:db8:1:2:ffff:ffff:ffff:ffff'));
  expect(buckets('ada@example.com', '2001:db8:1:3::1')).not.toEqual(buckets('ada@example.com', '2001:db8:1:2::1'));
  expect(buckets('ada@example.com', '192.0.2.1')).not.toEqual(buckets('ada@example.com', '192.0.2.2'));
  expect(strangerLimit('2001:db8:1:2::1')).toEqual(strangerLimit('2001:db8:1:2::2'));
});

it('keeps neither email nor password in the clear, and keys short enough to be stored', () => {
  for (const bucket of buckets(`${'a'.repeat(250)}@x.y`, 'unknown')) {
    expect(bucket).not.toContain('@');
    expect(bucket.length).toBeLessThan(100);
  }
});
