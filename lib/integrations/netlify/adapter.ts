import { beginDeployment } from '#lib/integrations/begin-deployment.ts';
import { apiPath, findInPages } from '#lib/integrations/call-provider.ts';
import { type Integration, IntegrationError } from '#lib/integrations/integration.ts';
import { callNetlify } from './client.ts';
import { isBranch } from './contexts.ts';
import { readSite } from './read-site.ts';
import { buildSchema, sitesSchema } from './schemas.ts';
import { compareVariables, listInherited, listOwnTargets, putVariables } from './variables.ts';

/** The environment variables of Netlify's sites, as secrets: values can be written there, not read, but for those of local development. */
export const netlify: Integration = {
  provider: 'netlify',
  isOwnTarget: isBranch,
  listPlaces: (token, { search, limit = 50 } = {}) =>
    findInPages({ search, limit }, async (page, size) => {
      const query = { filter: 'all', page: String(page), per_page: String(size) };
      const sites = await callNetlify(sitesSchema, { method: 'GET', path: '/sites', token, query });
      return sites.map(({ id, account_id: accountId, name }) => ({ externalId: id, accountId, name }));
    }),
  readPlace: async (place) => {
    const { id, account_id: accountId, name } = await readSite(place);
    return { externalId: id, accountId, name };
  },
  listOwnTargets,
  listInherited,
  putVariables,
  compareVariables,
  redeploy: async ({ token, externalId }, how) => {
    if (how.by === 'hook') throw new IntegrationError('deployment_refused');
    const query = { clear_cache: 'true', branch: how.ref };
    return beginDeployment(() => callNetlify(buildSchema, { method: 'POST', path: apiPath`/sites/${externalId}/builds`, token, query }));
  },
};
