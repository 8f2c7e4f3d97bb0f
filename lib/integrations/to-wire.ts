import { z } from 'zod';
import type { IntegrationTarget } from '#generated/prisma/client.ts';
import { type IntegrationTargetWire, type IntegrationWire, ownTarget, winningTargets } from '#lib/contract/integration.ts';
import { endedAttempts } from '#lib/queue/claim.ts';
import { readConfig, targetsOf } from './config.ts';
import { failureText, isSyncFailure } from './failures.ts';
import type { IntegrationRow } from './integrations.ts';
import { mayRedeploy } from './may-redeploy.ts';
import { rotationWarning } from './rotation-warning.ts';

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;
const ownTargets = z.array(ownTarget);
const refusals = z.array(z.object({ name: z.string(), code: z.string() }));

/** From what most needs a person to what needs none. */
const WORST_FIRST = ['failed', 'drifted', 'pending', 'unverified', 'in_sync'] as const;

/** What a person keeps as it was changed there needs nobody. */
function worstOf(targets: IntegrationTarget[]): IntegrationTargetWire['state'] {
  const unkept = targets.filter(({ keptAt }) => keptAt === null);
  const judged = unkept.length > 0 ? unkept : targets;
  return WORST_FIRST.find((state) => judged.some((target) => target.state === state)) ?? 'pending';
}

const textOf = (code: string, isOver: boolean): string => failureText(isSyncFailure(code) ? code : 'unforeseen', { isOver });

function targetToWire(row: IntegrationTarget, isOver: boolean): IntegrationTargetWire {
  return {
    target: row.target,
    state: row.state,
    version: row.version,
    synced_at: timeOf(row.syncedAt),
    checked_at: timeOf(row.checkedAt),
    kept_at: timeOf(row.keptAt),
    kept_by: row.keptBy,
    failure_code: row.failureCode,
    failure: row.failureCode && textOf(row.failureCode, isOver),
    refusals: refusals.parse(row.refusals).map(({ name, code }) => ({ name, code, failure: textOf(code, isOver) })),
  };
}

function redeploymentToWire([row]: IntegrationRow['redeployments']): IntegrationWire['redeployment'] {
  if (!row) return null;
  const { state, version, requestedBy, externalId, failureCode, createdAt, finishedAt } = row;
  return {
    state,
    version,
    requested_by: requestedBy,
    requested_at: createdAt.toISOString(),
    finished_at: timeOf(finishedAt),
    external_id: externalId,
    failure_code: failureCode,
    failure: failureCode && textOf(failureCode, finishedAt !== null),
  };
}

/** An integration as the API shows it: never its token or its hook. */
export function integrationToWire(row: IntegrationRow): IntegrationWire {
  const [sync] = row.syncs;
  const { variables, workflow, ref } = readConfig(row.config);
  const { previews } = targetsOf(row.provider);
  const targets = row.targets.map((target) => targetToWire(target, sync === undefined));
  const chosen = row.targets.map(({ target }) => target);
  const overrides = winningTargets(
    ownTargets.parse(row.ownTargets),
    chosen,
    variables.map(({ name }) => name),
  ).map(({ target, names }) => ({ target, variables: names }));
  const checkFailure = row.checkFailureCode && textOf(row.checkFailureCode, true);
  return {
    id: row.id,
    organization_id: row.organizationId,
    project_id: row.projectId,
    provider: row.provider,
    external_id: row.externalId,
    state: worstOf(row.targets),
    has_credentials: true,
    config: {
      variables,
      targets: chosen,
      preview_branches: chosen.some((target) => previews.includes(target)),
      redeploy: row.redeploy,
      has_deploy_hook: row.hookSealed !== null,
      workflow,
      ref,
    },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    name: row.name,
    account_id: row.accountId,
    targets,
    can_redeploy: mayRedeploy(row),
    redeployment: redeploymentToWire(row.redeployments),
    check_failure_code: row.checkFailureCode,
    check_failure: checkFailure,
    overrides,
    rotation_warning: rotationWarning({ provider: row.provider, name: row.name, targets, check_failure: checkFailure, overrides }),
    sync: sync
      ? {
          job_id: sync.jobId,
          attempts: endedAttempts(sync),
          max_attempts: sync.job.maxAttempts,
          next_attempt_at: sync.nextAttemptAt.toISOString(),
        }
      : null,
  };
}
