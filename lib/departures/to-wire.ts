import type { DepartureWire, SeenStateWire } from '#lib/contract/member.ts';
import { AWAITS_DEPLOYMENT, type DepartureRow, type SeenRow, stillCounts } from './load-departure.ts';

/** How a password that was seen stands. */
function stateOf(row: SeenRow): SeenStateWire {
  if (!stillCounts(row)) return 'rotated';
  if (row.requestedAt === null) return 'open';
  if (row.endedAt !== null) return row.errorCode === AWAITS_DEPLOYMENT ? 'awaits_deployment' : 'failed';
  return row.jobId === null ? 'waiting' : 'rotating';
}

/** A departure as the API shows it: its progress is counted from what is true now. */
export function departureToWire(row: DepartureRow): DepartureWire {
  const credentials = row.credentials.map((one) => {
    const [project] = one.database.projects;
    const state = stateOf(one);
    return {
      database_id: one.databaseId,
      role_name: one.database.roleName,
      project_id: project?.id ?? null,
      project_name: project?.name ?? null,
      versions: one.versions,
      state,
      job_id: one.jobId,
      error_code: state === 'failed' ? one.errorCode : null,
    };
  });
  const count = (...states: SeenStateWire[]) => credentials.filter(({ state }) => states.includes(state)).length;
  return {
    id: row.id,
    organization_id: row.organizationId,
    user_id: row.userId,
    email: row.email,
    removed_by: row.removedBy,
    requested_by: row.requestedBy,
    created_at: row.createdAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
    total: credentials.length,
    rotated: count('rotated'),
    running: count('waiting', 'rotating'),
    failed: count('failed'),
    credentials,
  };
}
