import type { z } from 'zod';
import { apiPath } from '#lib/integrations/call-provider.ts';
import type { Place } from '#lib/integrations/integration.ts';
import { callNetlify } from './client.ts';
import { siteSchema } from './schemas.ts';

/** Reads a site. Throws IntegrationError. */
export const readSite = ({ token, externalId }: Place): Promise<z.output<typeof siteSchema>> =>
  callNetlify(siteSchema, { method: 'GET', path: apiPath`/sites/${externalId}`, token });
