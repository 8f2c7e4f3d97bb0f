import { type LookupAddress, type LookupAllOptions, lookup as lookUpName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isAllowedAddress } from './is-allowed-address.ts';

/** How long a call may take, in ms, from the name to the answer. */
export const TIMEOUT_MS = 15_000;

/** The address is not public, and the operator has not allowed it. Nothing was sent. */
export class AddressRefusedError extends Error {
  constructor() {
    super('The address is not a public one.');
    this.name = 'AddressRefusedError';
  }
}

type LookupAll = (hostname: string, options: LookupAllOptions, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

/**
 * An HTTP client for addresses that people type in. It judges the very addresses it connects to, literals and what a
 * name resolves to at that moment, so a name that changes its address afterwards gains nothing.
 */
export function createOutboundAgent(allow: readonly string[], lookup: LookupAll = lookUpName): Agent {
  const lookUpAllowed: LookupFunction = (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new AddressRefusedError(), '');
      if (!addresses.every(({ address }) => isAllowedAddress(address, allow))) return callback(new AddressRefusedError(), '');
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  const connect = buildConnector({ allowH2: false, timeout: TIMEOUT_MS, lookup: lookUpAllowed });
  return new Agent({
    connect: (options, callback) => {
      // A literal is never looked up.
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !isAllowedAddress(host, allow)) callback(new AddressRefusedError(), null);
      else connect(options, callback);
    },
  });
}
