import ipaddr from 'ipaddr.js';

/** `::127.0.0.1` and the like (RFC 4291, 2.5.5.1): an IPv4 address in a form that the ranges of ipaddr.js do not know. */
const IPV4_COMPATIBLE = ipaddr.IPv6.parseCIDR('::/96');

/** Whether Rekey may call an IP address: a public unicast one, or one within a CIDR of `allow`. An IPv4-mapped IPv6 address counts as the IPv4 one. */
export function isAllowedAddress(address: string, allow: readonly string[]): boolean {
  const parsed = ipaddr.process(address);
  const isListed = allow.some((cidr) => {
    const [network, bits] = ipaddr.parseCIDR(cidr);
    return network.kind() === parsed.kind() && parsed.match(network, bits);
  });
  if (isListed) return true;
  return parsed.range() === 'unicast' && !(parsed.kind() === 'ipv6' && parsed.match(IPV4_COMPATIBLE));
}
