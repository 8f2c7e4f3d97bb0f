import ipaddr from 'ipaddr.js';
import { env } from '#lib/kernel/env.ts';
import { invalidField } from '#lib/kernel/errors.ts';

/** On this machine: nothing crosses a network. */
const isLoopback = (host: string): boolean => ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback';

/**
 * Whether a deploy hook may be called: over https; over plain http where the operator has named its host, or on this
 * machine. A call carries tokens that fetch passwords, and the URL of a provider's hook is a secret itself.
 */
export function isHookAllowed(text: string, httpHosts: readonly string[] = env.REKEY_HTTP_HOOK_HOSTS): boolean {
  const url = URL.parse(text);
  if (url?.protocol === 'https:') return true;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return url?.protocol === 'http:' && (httpHosts.includes(host) || isLoopback(host));
}

/** Throws validation_failed, naming the field and the setting, for a hook that may not be called. */
export function checkHookUrl(url: string | null | undefined): void {
  if (!url || isHookAllowed(url)) return;
  throw invalidField(
    'deploy_hook_url',
    `Use an https URL: a deploy hook receives tokens that fetch passwords. To allow plain http to this host, set REKEY_HTTP_HOOK_HOSTS=${URL.parse(url)?.hostname ?? 'its host'} and restart Rekey. Nothing was changed.`,
  );
}
