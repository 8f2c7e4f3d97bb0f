import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { ADDRESS_HEADER, markAddresses, readClientAddress } from './client-address.ts';

const PROXIES = ['10.0.0.0/8', 'fd00::/8'];
const read = (socket: string, forwarded?: string, trusted = PROXIES) =>
  readClientAddress(new Headers({ [ADDRESS_HEADER]: socket, ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) }), trusted);

it.each([
  ['the socket', '192.0.2.1', undefined, '192.0.2.1'],
  ['the socket, whatever a stranger forwards', '192.0.2.1', '198.51.100.7', '192.0.2.1'],
  ['the IPv4 address behind a mapped one', '::ffff:192.0.2.1', undefined, '192.0.2.1'],
  ['an IPv6 address without its zone', 'fe80::1%eth0', undefined, 'fe80::1'],
  ['the address that a trusted proxy wrote', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
  ['the last of several, since a client can send the others', '10.0.0.1', '203.0.113.1, 198.51.100.7', '198.51.100.7'],
  ['the first that is no proxy, from the right', '::ffff:10.0.0.1', '203.0.113.1, 198.51.100.7, 10.2.3.4', '198.51.100.7'],
  ['the address before a port', '10.0.0.1', '198.51.100.7:4711', '198.51.100.7'],
  ['an IPv6 address in brackets', 'fd00::1', '[2001:DB8::7]:4711', '2001:db8::7'],
  ['the proxy, where it wrote no address', '10.0.0.1', 'unknown', '10.0.0.1'],
  ['the proxy, where it wrote half an address', '10.0.0.1', '198.51.100.7, 127.1', '10.0.0.1'],
  ['the proxy, where 7 KB came with it', '10.0.0.1', 'x'.repeat(7_000), '10.0.0.1'],
  ['the proxy, where it forwarded nothing', '10.0.0.1', undefined, '10.0.0.1'],
  ['the farthest proxy, where all are', '10.0.0.1', '10.9.9.9, 10.8.8.8', '10.9.9.9'],
])('takes %s', (_what, socket, forwarded, expected) => {
  expect(read(socket, forwarded)).toBe(expected);
});

it('trusts nobody unless told to, and knows no address without a socket', () => {
  expect(read('10.0.0.1', '198.51.100.7', [])).toBe('10.0.0.1');
  expect(read('', '198.51.100.7')).toBeUndefined();
  expect(readClientAddress(new Headers({ 'x-forwarded-for': '198.51.100.7' }), PROXIES)).toBeUndefined();
});

it('marks each request with the address of its socket, whatever the client sent', async () => {
  markAddresses();
  const server = http.createServer(({ headers }, response) => response.end(readClientAddress(new Headers(headers as Record<string, string>))));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { [ADDRESS_HEADER]: '198.51.100.7', 'x-forwarded-for': '198.51.100.8' } });
  expect(await answer.text()).toBe('127.0.0.1');
  server.closeAllConnections();
  server.close();
});
