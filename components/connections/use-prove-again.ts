'use client';

import { useVerify } from '#components/projects/queries.ts';
import { useStaleReason } from '#components/shell/live.tsx';
import { useRoleReason } from '#components/shell/use-role-reason.ts';
import type { JobWire } from '#lib/http/wire/job.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';

export interface ProveAgain {
  start: () => void;
  isBusy: boolean;
  reason: string | false;
  problem: string | null;
}

/** Logs in again with the kept password. `latest` is the newest job that asked the server. */
export function useProveAgain(project: ProjectWire, latest: JobWire | null): ProveAgain {
  const verify = useVerify(project.id);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const isRunning =
    project.state === 'verifying' || (latest?.type === 'project.verify_connection' && (latest.state === 'queued' || latest.state === 'running'));
  return {
    start: () => verify.mutate(undefined),
    isBusy: verify.isPending || isRunning,
    reason: roleReason || staleReason || (project.state === 'rotating_credentials' && 'A rotation is running and proves the login itself.'),
    problem: verify.isError ? verify.error.message : null,
  };
}
