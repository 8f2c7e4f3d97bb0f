'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/http/api-client.ts';
import { type JoinBody, joinAnswer, joinState } from '#lib/http/wire/member.ts';

/** What the link's token opens; refused once it has been used. */
export const useJoinState = (token: string) =>
  useQuery({
    queryKey: ['join', token],
    queryFn: ({ signal }) => apiGet(`/join?token=${encodeURIComponent(token)}`, joinState, signal),
    refetchOnWindowFocus: false,
  });

/** Makes the holder of the link a member, once. */
export const useJoin = () => useMutation({ mutationFn: (body: JoinBody) => apiSend('POST', '/join', body, joinAnswer) });
