'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { useMe } from '#components/shell/me.tsx';
import { apiGet, apiSend } from '#lib/http/api-client.ts';
import {
  type ChangeMemberBody,
  departureAnswer,
  departureList,
  type InviteBody,
  invitationList,
  invitationMade,
  memberAnswer,
  memberList,
  memberRemoved,
  seenList,
} from '#lib/http/wire/member.ts';

const MEMBERS = ['member'] as const;
const DEPARTURES = ['departure'] as const;
/** When somebody was seen last comes with no live event. */
const ASK_EVERY_MS = 30_000;
/** While rotations run, so that the page is right without the live stream too. */
const RUNNING_MS = 2_000;

const usePath = (end: string) => `/organizations/${encodeURIComponent(useMe().organization.id)}/${end}`;

export function useMembers(enabled: boolean) {
  const path = usePath('members');
  return useQuery({ queryKey: [...MEMBERS, 'list'], enabled, refetchInterval: ASK_EVERY_MS, queryFn: ({ signal }) => apiGet(path, memberList, signal) });
}

/** What a member has seen that still counts. Asked once for a dialog: after their removal there is nobody to ask of. */
export function useSeen(memberId: string) {
  const path = usePath(`members/${memberId}/seen`);
  return useQuery({ queryKey: ['seen', memberId], queryFn: async ({ signal }) => (await apiGet(path, seenList, signal)).credentials });
}

export function useInvitations() {
  const path = usePath('invitations');
  return useQuery({ queryKey: [...MEMBERS, 'invitations'], queryFn: async ({ signal }) => (await apiGet(path, invitationList, signal)).invitations });
}

export function useDepartures() {
  const path = usePath('departures');
  return useQuery({
    queryKey: DEPARTURES,
    queryFn: async ({ signal }) => (await apiGet(path, departureList, signal)).departures,
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
  return useChange((body: InviteBody) => apiSend('POST', path, body, invitationMade));
}

/** As with a new invitation: the answer holds the link. */
export function useRenewInvitation() {
  const path = usePath('invitations');
  return useChange((invitationId: string) => apiSend('POST', `${path}/${invitationId}/renew`, {}, invitationMade));
}

export function useRevokeInvitation() {
  const path = usePath('invitations');
  return useChange((invitationId: string) => apiSend('DELETE', `${path}/${invitationId}`, undefined, z.undefined()));
}

export function useChangeMember(memberId: string) {
  const path = usePath(`members/${memberId}`);
  return useChange((body: ChangeMemberBody) => apiSend('PATCH', path, body, memberAnswer));
}

export function useRemoveMember(memberId: string) {
  const path = usePath(`members/${memberId}`);
  return useChange(({ rotatesSeen }: { rotatesSeen: boolean }) => apiSend('DELETE', `${path}?rotate_seen=${rotatesSeen}`, undefined, memberRemoved));
}

export function useRotateSeen(departureId: string) {
  const path = usePath(`departures/${departureId}/rotate`);
  return useChange(() => apiSend('POST', path, {}, departureAnswer));
}
