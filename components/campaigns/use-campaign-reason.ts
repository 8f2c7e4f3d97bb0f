'use client';

import { useStaleReason } from '#components/shell/live.tsx';
import { useOrganizationReason } from '#components/shell/use-role-reason.ts';

/** Why campaigns cannot be started or changed now, or false. */
export function useCampaignReason(): string | false {
  const roleReason = useOrganizationReason('operator');
  const staleReason = useStaleReason();
  return roleReason || staleReason;
}
