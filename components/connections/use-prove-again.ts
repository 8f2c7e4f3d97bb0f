'use client';

import { RotateCw } from 'lucide-react';
import { useVerify } from '#components/projects/queries.ts';
import { useStaleReason } from '#components/shell/live.tsx';
import { usePaletteActs } from '#components/shell/palette-acts.ts';
import { useRoleReason } from '#components/shell/use-role-reason.ts';
import type { JobWire } from '#lib/http/wire/job.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';

export interface ProveAgain {
  start: () => void;
  isBusy: boolean;
  reason: string | false;
  problem: string | null;
}

/** Logs in again with the kept password, by a button of the page or the palette. `latest` is the newest job that asked the server. */
export function useProveAgain(project: ProjectWire, latest: JobWire | null): ProveAgain {
  const verify = useVerify(project.id);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const isRunning =
    project.state === 'verifying' || (latest?.type === 'project.verify_connection' && (latest.state === 'queued' || latest.state === 'running'));
  const start = () => verify.mutate(undefined);
  const isBusy = verify.isPending || isRunning;
  const reason = roleReason || staleReason || (project.state === 'rotating_credentials' && 'A rotation is in progress and checks the login itself.');
  usePaletteActs(1, [{ label: 'Check connection', icon: RotateCw, reason: reason || (isBusy && 'A connection check is in progress.'), run: start }]);
  return {
    start,
    isBusy,
    reason,
    problem: verify.isError ? verify.error.message : null,
  };
}
