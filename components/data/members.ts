'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '#components/session/me.tsx';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type {
  ChangeMemberBody,
  departureAnswer,
  departureList,
  InviteBody,
  invitationList,
  invitationMade,
  memberAnswer,
  memberList,
  memberRemoved,
  seenList,
} from '#lib/contract/member.ts';

const MEMBERS = ['member'] as const;
const DEPARTURES = ['departure'] as const;
/** When somebody was seen last comes with no live event. */
const ASK_EVERY_MS = 30_000;
/** While rotations run, so that the page is right without the live stream too. */
const RUNNING_MS = 2_000;

const usePath = (end: string) => `/organizations/${encodeURIComponent(useMe().organization.id)}/${end}`;

export function useMembers(enabled: boolean) {
  const path = usePath('members');
  return useQuery({ queryKey: [...MEMBERS, 'list'], enabled, refetchInterval: ASK_EVERY_MS, queryFn: ({ signal }) => apiGet<typeof memberList>(path, signal) });
}

/** What a member has seen that still counts. Asked once for a dialog: after their removal there is nobody to ask of. */
export function useSeen(memberId: string) {
  const path = usePath(`members/${memberId}/seen`);
  return useQuery({ queryKey: ['seen', memberId], queryFn: async ({ signal }) => (await apiGet<typeof seenList>(path, signal)).credentials });
}

export function useInvitations() {
  const path = usePath('invitations');
  return useQuery({ queryKey: [...MEMBERS, 'invitations'], queryFn: async ({ signal }) => (await apiGet<typeof invitationList>(path, signal)).invitations });
}

export function useDepartures() {
  const path = usePath('departures');
  return useQuery({
    queryKey: DEPARTURES,
    queryFn: async ({ signal }) => (await apiGet<typeof departureList>(path, signal)).departures,
    refetchInterval: ({ state }) => (state.data?.some(({ running }) => running > 0) ? RUNNING_MS : false),
  });
}

/** A mutation after which members, invitations and departures are asked for again. */
function useChange<B, A>(send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  const ask = () => Promise.all([MEMBERS, DEPARTURES].map((queryKey) => client.invalidateQueries({ queryKey })));
  return useMutation({ mutationFn: send, onSuccess: ask });
}

/** The answer holds the link, which is never shown again; the caller forgets it. */
export function useInvite() {
  const path = usePath('invitations');
  return useChange((body: InviteBody) => apiSend<typeof invitationMade>('POST', path, body));
}

/** As with a new invitation: the answer holds the link. */
export function useRenewInvitation() {
  const path = usePath('invitations');
  return useChange((invitationId: string) => apiSend<typeof invitationMade>('POST', `${path}/${invitationId}/renew`, {}));
}

export function useRevokeInvitation() {
  const path = usePath('invitations');
  return useChange((invitationId: string) => apiSend('DELETE', `${path}/${invitationId}`));
}

export function useChangeMember(memberId: string) {
  const path = usePath(`members/${memberId}`);
  return useChange((body: ChangeMemberBody) => apiSend<typeof memberAnswer>('PATCH', path, body));
}

export function useRemoveMember(memberId: string) {
  const path = usePath(`members/${memberId}`);
  return useChange(({ rotatesSeen }: { rotatesSeen: boolean }) => apiSend<typeof memberRemoved>('DELETE', `${path}?rotate_seen=${rotatesSeen}`, undefined));
}

export function useRotateSeen(departureId: string) {
  const path = usePath(`departures/${departureId}/rotate`);
  return useChange(() => apiSend<typeof departureAnswer>('POST', path, {}));
}
