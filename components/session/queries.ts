'use client';

import { useQuery } from '@tanstack/react-query';
import type { status } from '#lib/contract/account.ts';
import { apiGet } from '#lib/contract/api-client.ts';
import type { campaignList } from '#lib/contract/campaign.ts';
import type { secondFactor } from '#lib/contract/self.ts';
import { useMe } from './me.tsx';

const STATUS_MS = 15_000;
/** While something waits for a worker, as long as a person looks at it. */
const WAITING_STATUS_MS = 3000;

/** Whether the workers are alive. */
export const useStatus = (isWaiting = false) =>
  useQuery({
    queryKey: ['worker', 'status'],
    refetchInterval: isWaiting ? WAITING_STATUS_MS : STATUS_MS,
    queryFn: ({ signal }) => apiGet<typeof status>('/status', signal),
  });

/** True only where Rekey's own store says that no worker is running. `isWaiting`: something on the page needs one. */
export const useNoWorker = (isWaiting = false): boolean => useStatus(isWaiting).data?.components.some(({ workers }) => workers === 0) ?? false;

/** What Rekey says of clocks that differ from the store's; undefined where they agree. */
export const useClockWarning = (): string | undefined => useStatus().data?.components.find(({ name }) => name === 'clocks')?.message;

export const SECOND_FACTOR = ['second-factor'] as const;

/** Whether the signed-in person's second factor is on. */
export const useSecondFactor = () => useQuery({ queryKey: SECOND_FACTOR, queryFn: ({ signal }) => apiGet<typeof secondFactor>('/me/second-factor', signal) });

/** How many campaigns are running. */
export function useRunningCampaigns(): number {
  const isLimited = useMe().principal.project_ids !== undefined;
  const { data } = useQuery({
    queryKey: ['campaign', 'active'],
    enabled: !isLimited,
    queryFn: async ({ signal }) => (await apiGet<typeof campaignList>('/campaigns?state=active', signal)).campaigns,
  });
  return data?.filter(({ state }) => state === 'running').length ?? 0;
}
