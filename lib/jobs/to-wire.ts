import { z } from 'zod';
import type { Prisma } from '#generated/prisma/client.ts';
import { visibleProjects } from '#lib/access/visible-projects.ts';
import { taskToWire } from '#lib/consumers/consumers.ts';
import { type JobWire, type RotationWire, rotation, step } from '#lib/contract/job.ts';
import { publicId } from '#lib/contract/vector/site-names.ts';
import type { Context } from '#lib/kernel/context.ts';

/** What a job is shown with: of a login that several projects share, only the tasks of those the asker may see. */
export const jobParts = (context: Context) =>
  ({
    database: { select: { pooledPort: true, credentials: { select: { version: true }, orderBy: { version: 'desc' }, take: 1 } } },
    sync: { include: { integration: { select: { provider: true, name: true } } } },
    deployment: { include: { credential: { select: { version: true } }, environment: { include: { site: true } } } },
    rotation: {
      include: {
        fromCredential: { select: { version: true, state: true, retireAt: true } },
        toCredential: { select: { version: true } },
        steps: { orderBy: { id: 'asc' } },
        tasks: { where: { project: visibleProjects(context) }, orderBy: [{ name: 'asc' }, { id: 'asc' }] },
      },
    },
  }) as const satisfies Prisma.JobInclude;

export type JobRow = Prisma.JobGetPayload<{ include: ReturnType<typeof jobParts> }>;

const TYPES = {
  rotate_credentials: 'project.rotate_credentials',
  verify_connection: 'project.verify_connection',
  sync_env: 'integration.sync_env',
  retire_credential: 'credential.retire',
  deploy: 'environment.deploy',
} as const;
const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;
const details = z.record(z.string(), z.unknown());

function rotationToWire({ rotation: row, database }: JobRow, withSteps: boolean): RotationWire | null {
  if (!row) return null;
  const isOver = row.finishedAt !== null;
  const steps = row.steps.map((s) => ({
    id: String(s.id),
    kind: step.shape.kind.parse(s.kind),
    attempt: s.fence,
    at: s.at.toISOString(),
    duration_ms: s.durationMs,
    detail: details.parse(s.detail),
  }));
  return {
    id: row.id,
    state: row.state,
    kind: row.kind,
    from_version: row.fromCredential.version,
    // Before it is staged: the version it will get.
    to_version: row.toCredential?.version ?? (isOver ? row.fromCredential.version : (database.credentials[0]?.version ?? 0)) + 1,
    is_staged: row.toCredential !== null,
    retirement: row.retirement,
    keeps: row.keeps,
    retire_at: timeOf(row.fromCredential.retireAt),
    is_old_retired: row.fromCredential.state === 'retired',
    reason: row.reason,
    note: row.note,
    close_sessions: row.closeSessions,
    requested_by: row.requestedBy,
    has_pooler: database.pooledPort !== null,
    proofs: rotation.shape.proofs.parse(row.proofs),
    sessions_before: row.sessionsBefore,
    sessions_left: row.sessionsLeft,
    rescan_at: timeOf(row.rescanAt),
    error_code: row.errorCode,
    next_attempt_at: isOver ? null : row.nextAttemptAt.toISOString(),
    created_at: row.createdAt.toISOString(),
    changed_at: timeOf(row.changedAt),
    finished_at: timeOf(row.finishedAt),
    steps: withSteps ? steps : [],
    tasks: row.tasks.map(taskToWire),
  };
}

function syncToWire({ sync }: JobRow): JobWire['sync'] {
  if (!sync) return null;
  const { integrationId, integration, version, finishedAt, nextAttemptAt } = sync;
  const next = finishedAt ? null : nextAttemptAt.toISOString();
  return { integration_id: integrationId, provider: integration.provider, name: integration.name, version, next_attempt_at: next };
}

function deploymentToWire({ deployment }: JobRow): JobWire['deployment'] {
  if (!deployment) return null;
  const { id, number, environment, credential } = deployment;
  const place = { environment_id: publicId(environment), environment_name: environment.name, site_id: publicId(environment.site) };
  return { id, number, ...place, version: credential?.version ?? null };
}

/** A job as the API shows it; its timeline only where `withSteps` asks for it. */
export function jobToWire(row: JobRow, { withSteps }: { withSteps: boolean }): JobWire {
  return {
    id: row.id,
    organization_id: row.organizationId,
    project_id: row.projectId,
    type: TYPES[row.type],
    state: row.state,
    attempts: row.attempts,
    max_attempts: row.maxAttempts,
    error: row.error,
    error_code: row.errorCode,
    retry_classification: row.retryClassification,
    requested_by: row.requestedBy,
    created_at: row.createdAt.toISOString(),
    claimed_at: timeOf(row.claimedAt),
    claimed_by: row.claimedBy,
    started_at: timeOf(row.startedAt),
    completed_at: timeOf(row.completedAt),
    updated_at: row.updatedAt.toISOString(),
    rotation: rotationToWire(row, withSteps),
    sync: syncToWire(row),
    deployment: deploymentToWire(row),
  };
}
