'use client';

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type {
  CampaignDetailsWire,
  CampaignLoginState,
  campaignAnswer,
  campaignDetails,
  campaignList,
  campaignLoginList,
  campaignPreview,
  StartCampaignBody,
} from '#lib/contract/campaign.ts';
import type { ProjectSelection } from '#lib/contract/project-list.ts';

/** The live event of a campaign makes all of these old. */
const CAMPAIGNS = ['campaign'] as const;
/** While one runs it is asked for again and again, so that the page is right without the live stream too. */
const RUNNING_MS = 2_000;
const PAGE = 50;

const at = (id: string): string => `/campaigns/${encodeURIComponent(id)}`;
export type Shown = 'all' | 'active' | 'ended';

/** Campaigns page by page, newest first. */
export const useCampaigns = (shown: Shown, enabled = true) =>
  useInfiniteQuery({
    queryKey: [...CAMPAIGNS, 'list', shown],
    enabled,
    placeholderData: keepPreviousData,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      apiGet<typeof campaignList>(
        `/campaigns?limit=${PAGE}${shown === 'all' ? '' : `&state=${shown}`}${pageParam && `&cursor=${encodeURIComponent(pageParam)}`}`,
        signal,
      ),
    getNextPageParam: (last) => last.next_cursor,
    select: ({ pages }) => pages.flatMap(({ campaigns }) => campaigns),
  });

const isMoving = (data: CampaignDetailsWire | undefined): boolean =>
  data !== undefined && (data.campaign.state === 'running' || data.campaign.progress.running > 0 || data.campaign.progress.in_doubt > 0);

/** One campaign with its waves, servers and consumers. */
export const useCampaign = (id: string) =>
  useQuery({
    queryKey: [...CAMPAIGNS, id],
    queryFn: ({ signal }) => apiGet<typeof campaignDetails>(at(id), signal),
    refetchInterval: ({ state }) => (isMoving(state.data) ? RUNNING_MS : false),
  });

/** The first logins of a campaign in that state. `version` is what of the campaign makes the list old. */
export const useCampaignLogins = (id: string, state: CampaignLoginState, version: number) =>
  useQuery({
    queryKey: [...CAMPAIGNS, id, 'logins', state, version],
    enabled: version > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await apiGet<typeof campaignLoginList>(`${at(id)}/logins?state=${state}&limit=200`, signal)).logins,
  });

/** What a selection matches now. */
export const useCampaignPreview = (selection: ProjectSelection) =>
  useQuery({
    queryKey: ['campaign-preview', selection],
    retry: false,
    queryFn: () => apiSend<typeof campaignPreview>('POST', '/campaigns/preview', selection),
  });

/** A mutation after which campaigns are asked for again. */
function useChange<B, A>(send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSettled: () => client.invalidateQueries({ queryKey: CAMPAIGNS }) });
}

export const useStartCampaign = () =>
  useChange((body: Partial<StartCampaignBody> & { name: string }) => apiSend<typeof campaignAnswer>('POST', '/campaigns', body));

export type CampaignAct = 'pause' | 'resume' | 'retry' | 'abort';
export const useCampaignAct = (id: string) => useChange((act: CampaignAct) => apiSend<typeof campaignAnswer>('POST', `${at(id)}/${act}`, {}));
export type Act = ReturnType<typeof useCampaignAct>;
