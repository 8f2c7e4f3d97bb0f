import type { ProjectWire } from '#lib/contract/project.ts';
import type { IntegrationRow } from '#lib/integrations/load-integration.ts';
import { mayRedeploy } from '#lib/integrations/may-redeploy.ts';
import { currentCredential } from '#lib/logins/load-project.ts';
import type { ShownProject } from './shown-parts.ts';

type Stand = 'up_to_date' | 'waiting' | 'under_way';

/** How many hold the URL of a project, how many have it as it is now, and how many wait for a person. */
export function countConsumers(row: ShownProject): ProjectWire['consumers'] {
  const { version } = currentCredential(row);
  const [rotation] = row.database.rotations;
  const isRotated = rotation?.toCredential?.version === version;
  const stands: Stand[] = [
    ...row.integrations.map((integration) => standOf(integration, version, isRotated)),
    ...row.consumers.map(({ tasks: [task] }): Stand => (task && task.doneAt === null ? 'waiting' : 'up_to_date')),
  ];
  const count = (stand: Stand) => stands.filter((one) => one === stand).length;
  return { total: stands.length, up_to_date: count('up_to_date'), waiting: count('waiting'), job_id: rotation?.jobId ?? null };
}

/** As the runbook of a rotation judges it; what was connected since holds the password that already ran there. */
function standOf(integration: IntegrationRow, version: number, isRotated: boolean): Stand {
  const { syncs, targets, redeployments } = integration;
  if (syncs.length > 0) return 'under_way';
  const judged = targets.filter(({ keptAt }) => keptAt === null);
  if (judged.some(({ state, version: held }) => state === 'failed' || state === 'drifted' || (held ?? 0) < version)) return 'waiting';
  if (integration.checkFailureCode !== null) return 'waiting';
  if (judged.length === 0 || !isRotated) return 'up_to_date';
  const [asked] = redeployments;
  if (!asked || asked.version < version) return mayRedeploy(integration) ? 'waiting' : 'up_to_date';
  const STANDS = { requested: 'under_way', started: 'up_to_date', failed: 'waiting' } as const;
  return STANDS[asked.state];
}
