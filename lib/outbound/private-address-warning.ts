import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { env } from '#lib/kernel/env.ts';
import { isAllowedAddress } from './is-allowed-address.ts';

/** A name server that takes longer keeps nobody from saving. */
const LOOKUP_MS = 2000;

type LookUp = (host: string) => Promise<{ address: string }[]>;
const lookUpAll: LookUp = (host) => lookup(host, { all: true });

async function addressesOf(host: string, lookUp: LookUp): Promise<string[]> {
  if (isIP(host)) return [host];
  const giveUp = new AbortController();
  const found = await Promise.race([lookUp(host).catch(() => []), delay(LOOKUP_MS, [], { signal: giveUp.signal }).catch(() => [])]);
  giveUp.abort();
  return found.map(({ address }) => address);
}

const cidrOf = (address: string): string => `${address}/${isIP(address) === 6 ? 128 : 32}`;

/** What keeps calls of a URL from being made, as its name resolves now, with the exact setting that allows them; null where nothing does. Calls are judged anew each time. */
export async function privateAddressWarning(
  url: string,
  { allow = env.REKEY_OUTBOUND_ALLOW, lookUp = lookUpAll }: { allow?: readonly string[]; lookUp?: LookUp } = {},
): Promise<string | null> {
  const host = URL.parse(url)?.hostname.replace(/^\[|\]$/g, '');
  if (!host) return null;
  const refused = (await addressesOf(host, lookUp)).filter((address) => !isAllowedAddress(address, allow));
  if (refused.length === 0) return null;
  const setting = [...allow, ...new Set(refused.map(cidrOf))].join(',');
  const at = isIP(host) ? `${host} is not a public address` : `${host} leads to ${[...new Set(refused)].join(' and ')}, which is not a public address`;
  return `${at}, so Rekey will not call it. To allow it, set REKEY_OUTBOUND_ALLOW=${setting} for the web server and the workers, and restart them.`;
}
