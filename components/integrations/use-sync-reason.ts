'use client';

import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';

/** Why nothing may be synced or redeployed now, or false. */
export function useSyncReason(): string | false {
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  return roleReason || staleReason;
}
