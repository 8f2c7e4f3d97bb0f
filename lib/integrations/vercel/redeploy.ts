import { apiPath } from '#lib/integrations/api-path.ts';
import { beginDeployment } from '#lib/integrations/begin-deployment.ts';
import { callDeployHook } from '#lib/integrations/call-deploy-hook.ts';
import { IntegrationError, type Place, type Redeploy } from '#lib/integrations/integration.ts';
import { callVercel } from './client.ts';
import { deploymentSchema, deploymentsSchema, type Link, linkedProjectSchema } from './schemas.ts';

/** As Integration.redeploy tells. */
export const redeploy = (place: Place, how: Redeploy): Promise<{ id: string | null }> =>
  how.by === 'hook' ? callDeployHook(how.url) : beginDeployment(() => deploy(place, how.ref));

/** Builds the production branch anew, or `ref`; where Vercel knows no repository, the latest production deployment. */
async function deploy({ externalId, accountId: teamId, token }: Place, ref: string | undefined): Promise<{ id: string }> {
  const ask = { token, teamId };
  const { name, link } = await callVercel(linkedProjectSchema, { ...ask, method: 'GET', path: apiPath`/v9/projects/${externalId}` });
  // A build from the repository takes up the variables of now; a repeated deployment may keep those it had.
  const source = link ? { gitSource: sourceOf(link, ref) } : { deploymentId: await latestDeployment(externalId, ask) };
  const json = { name, project: externalId, target: 'production', ...source };
  return callVercel(deploymentSchema, { ...ask, method: 'POST', path: '/v13/deployments', query: { forceNew: '1' }, json });
}

function sourceOf(link: Link, ref = link.productionBranch) {
  switch (link.type) {
    case 'github':
    case 'github-limited':
      return { type: link.type, ref, repoId: link.repoId };
    case 'gitlab':
      return { type: link.type, ref, projectId: link.projectId };
    case 'bitbucket':
      return { type: link.type, ref, repoUuid: link.uuid, workspaceUuid: link.workspaceUuid };
    default:
      return link satisfies never;
  }
}

async function latestDeployment(projectId: string, ask: Pick<Place, 'token'> & { teamId: string | null }): Promise<string> {
  const query = { projectId, target: 'production', state: 'READY', limit: '1' };
  const { deployments } = await callVercel(deploymentsSchema, { ...ask, method: 'GET', path: '/v6/deployments', query });
  const [latest] = deployments;
  if (!latest) throw new IntegrationError('deployment_refused');
  return latest.uid;
}
