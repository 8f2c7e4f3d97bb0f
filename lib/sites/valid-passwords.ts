import type { EnvironmentWire, ValidPasswordWire } from '#lib/contract/vector/site.ts';
import type { EnvironmentRow } from './load-site.ts';

type Database = NonNullable<EnvironmentRow['project']>['database'];
type Version = Database['credentials'][number];

/** Why a version still logs in, for a person to decide whether it may. */
function reasonOf({ state, retireAt, heldByDeployment, deployments }: Version): Omit<ValidPasswordWire, 'version'> {
  if (state === 'current') return { why: 'current', reason: 'the next deployment gets it' };
  const deploying = deployments.find((one) => one.state === 'pending' || one.state === 'deploying');
  if (deploying) return { why: 'deploying', reason: `deployment ${deploying.number}, in progress, carries it` };
  const [standing, fetched] = [deployments.find((one) => one.state === 'deployed'), deployments.find((one) => one.fetchedAt !== null)];
  if (heldByDeployment && standing) return { why: 'running', reason: `deployment ${standing.number} runs with it` };
  if (heldByDeployment && fetched)
    return { why: 'fetched', reason: `deployment ${fetched.number} fetched it before it failed, so it may be in use; it ends once a deployment succeeds` };
  if (retireAt !== null) return { why: 'ending', reason: 'it is being ended' };
  return { why: 'running', reason: 'it was in use before the first reset; it ends once a deployment succeeds' };
}

/** Every password of an environment that logs in, oldest first, and why it does. */
export const validPasswords = (database: Database | undefined): EnvironmentWire['valid_passwords'] =>
  database?.credentials.map((one) => ({ version: one.version, ...reasonOf(one) })) ?? [];
