'use client';

import { RotateCw } from 'lucide-react';
import { useVerify } from '#components/data/projects.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { usePaletteActs } from '#components/session/palette-acts.ts';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { useNow } from '#components/ui/time.tsx';
import type { JobWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

export interface ConnectionCheck {
  start: () => void;
  /** Makes one more login although the server has rejected many. */
  startAnyway: () => void;
  /** Why that is not for the reader to do, or false. */
  anywayReason: string | false;
  /** Until when Rekey makes no login by itself, because the server has rejected too many; null where it may. */
  waitsUntil: string | null;
  isBusy: boolean;
  reason: string | false;
  problem: string | null;
}

/** Until when Rekey makes no login, as long as that lies ahead. */
function useLoginWait({ failed_logins: failed }: ProjectWire): string | null {
  const now = useNow();
  const until = failed?.next_login_at ?? null;
  return until !== null && now && now < new Date(until) ? until : null;
}

/** Logs in again with the kept password, by a button of the page or the palette. `latest` is the newest job that asked the server. */
export function useConnectionCheck(project: ProjectWire, latest: JobWire | null): ConnectionCheck {
  const verify = useVerify(project.id);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const isRunning =
    project.state === 'verifying' || (latest?.type === 'project.verify_connection' && (latest.state === 'queued' || latest.state === 'running'));
  const start = () => verify.mutate({});
  const isBusy = verify.isPending || isRunning;
  const waitsUntil = useLoginWait(project);
  const mayNot = roleReason || staleReason || (project.state === 'rotating_credentials' && 'A rotation is in progress and checks the login itself.');
  const reason = mayNot || (waitsUntil !== null && 'The server rejected too many logins. Rekey waits before the next one.');
  usePaletteActs(1, [{ label: 'Check connection', icon: RotateCw, reason: reason || (isBusy && 'A connection check is in progress.'), run: start }]);
  return {
    start,
    startAnyway: () => verify.mutate({ allow_failed_login: true }),
    anywayReason: mayNot,
    waitsUntil,
    isBusy,
    reason,
    problem: verify.isError ? verify.error.message : null,
  };
}
