import { expect, it } from 'vitest';
import { isAllowedAddress } from './is-allowed-address.ts';

it.each(['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8'])('lets through %s', (address) => {
  expect(isAllowedAddress(address, [])).toBe(true);
});

it.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.8',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:db8::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
])('refuses %s', (address) => {
  expect(isAllowedAddress(address, [])).toBe(false);
});

it('lets through what the operator allows, and nothing beside it', () => {
  const allow = ['10.1.0.0/16', 'fd00::/8'];
  expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'].map((address) => isAllowedAddress(address, allow))).toEqual([true, true, true]);
  expect(['10.2.0.1', '127.0.0.1', 'fc00::1', '::1'].map((address) => isAllowedAddress(address, allow))).toEqual([false, false, false, false]);
});
