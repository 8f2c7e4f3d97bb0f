import { apiPath } from '#lib/integrations/api-path.ts';
import type { Integration } from '#lib/integrations/integration.ts';
import { callVercel } from './client.ts';
import { listProjects } from './list-projects.ts';
import { redeploy } from './redeploy.ts';
import { projectSchema } from './schemas.ts';
import { isOwnTarget } from './targets.ts';
import { compareVariables, listOwnTargets, putVariables } from './variables.ts';

/** The environment variables of Vercel's projects. Production and preview values can be written there, not read. */
export const vercel: Integration = {
  provider: 'vercel',
  targets: ['production', 'preview', 'development'],
  isOwnTarget,
  redeployBy: ['hook', 'api'],
  listPlaces: (token, { search, limit = 50 } = {}) => listProjects(token, search, limit),
  readPlace: async ({ token, externalId, accountId }) => {
    const found = await callVercel(projectSchema, { method: 'GET', path: apiPath`/v9/projects/${externalId}`, token, teamId: accountId });
    return { externalId: found.id, accountId, name: found.name };
  },
  listOwnTargets,
  listInherited: async () => [],
  putVariables,
  compareVariables,
  redeploy,
};
