'use client';

import { useStaleReason } from '#components/session/live.tsx';
import { useOrganizationReason } from '#components/session/use-role-reason.ts';

/** Why campaigns cannot be started or changed now, or false. */
export function useCampaignReason(): string | false {
  const roleReason = useOrganizationReason('operator');
  const staleReason = useStaleReason();
  return roleReason || staleReason;
}
