import type { z } from 'zod';
import { callProvider, type ProviderCall } from '#lib/integrations/call-provider.ts';
import { env } from '#lib/kernel/env.ts';

const VERSION = '/api/v1';

/** Asks Netlify. Throws IntegrationError. */
export function callNetlify<S extends z.ZodType>(schema: S, { path, ...call }: Omit<ProviderCall, 'url'> & { path: string }): Promise<z.output<S>> {
  const base = env.REKEY_NETLIFY_API_URL;
  // The address may be given with or without the version.
  return callProvider(schema, { ...call, url: `${base.endsWith(VERSION) ? base : base + VERSION}${path}` }, () => null);
}
