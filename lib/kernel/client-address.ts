import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { env } from './env.ts';

/** Holds the address of the socket. Next hides the socket from handlers; set for each request before Next sees it. */
export const ADDRESS_HEADER = 'x-rekey-address';

type Address = ReturnType<typeof ipaddr.process>;

/** From now on each request that this process receives carries the address of its socket, whatever its client sent in that header. */
export function markAddresses(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[ADDRESS_HEADER] = request.socket.remoteAddress ?? '';
  });
}

/** An IP address, in the forms in which proxies write it (`192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:4711`); null for anything else. */
function parseAddress(text: string): Address | null {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](:\d{1,5})?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1');
  // ipaddr.js reads `127.1` and `0x7f000001` too: no proxy writes an address so.
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare);
  return isPlain ? ipaddr.process(bare.replace(/%.*$/, '')) : null;
}

/** Whether a socket's address is that of a proxy named in REKEY_TRUSTED_PROXIES. */
export function isTrustedProxy(text: string, trusted: readonly string[] = env.REKEY_TRUSTED_PROXIES): boolean {
  const address = parseAddress(text);
  return address !== null && trusted.some((cidr) => isWithin(address, cidr));
}

const isWithin = (address: Address, cidr: string): boolean => {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return network.kind() === address.kind() && address.match(network, bits);
};

/**
 * The address a request came from: the socket's. Where that is a proxy named in REKEY_TRUSTED_PROXIES, the one which the proxy wrote
 * into X-Forwarded-For, and so on from right to left; the first that is no trusted proxy counts, since what stands left of it
 * can be made up. An IPv4-mapped address is the IPv4 one. Undefined where the socket is not known.
 */
export function readClientAddress(headers: { get(name: string): string | null }, trusted: readonly string[] = env.REKEY_TRUSTED_PROXIES): string | undefined {
  let nearest = parseAddress(headers.get(ADDRESS_HEADER) ?? '');
  if (!nearest) return undefined;
  const forwarded = headers.get('x-forwarded-for')?.split(',') ?? [];
  while (forwarded.length > 0 && trusted.some((cidr) => isWithin(nearest as Address, cidr))) {
    const next = parseAddress(forwarded.pop() ?? '');
    if (!next) break;
    nearest = next;
  }
  return nearest.toString();
}
