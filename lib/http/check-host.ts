import { isIP } from 'node:net';
import { env } from '#lib/kernel/env.ts';
import { DomainError } from '#lib/kernel/errors.ts';

const LOCAL = /(^|\.)localhost$/;

/**
 * Whether a Host header names this Rekey: the host of NEXTAUTH_URL, one of REKEY_ALLOWED_HOSTS, `localhost`, or an address.
 * An address cannot be rebound; a name that somebody else owns can be made to lead here, and its pages would then count
 * as of the same origin. Whoever sends none is no browser.
 */
export function isAllowedHost(host: string | null): boolean {
  if (host === null) return true;
  const name = host
    .toLowerCase()
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || LOCAL.test(name) || name === new URL(env.NEXTAUTH_URL).hostname || env.REKEY_ALLOWED_HOSTS.includes(name);
}

/** Refuses a request that was sent to a name which is not Rekey's. Throws host_refused. */
export function checkHost({ headers }: Pick<Request, 'headers'>): void {
  if (isAllowedHost(headers.get('host'))) return;
  throw new DomainError(
    'host_refused',
    'The request names a host that is not this Rekey’s. Nothing was changed. Name the host in REKEY_ALLOWED_HOSTS if people open it.',
  );
}
