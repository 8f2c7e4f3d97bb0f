'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { JoinBody, joinAnswer, joinState } from '#lib/contract/member.ts';

/** What the link's token opens; refused once it has been used. */
export const useJoinState = (token: string) =>
  useQuery({
    queryKey: ['join', token],
    queryFn: ({ signal }) => apiGet<typeof joinState>(`/join?token=${encodeURIComponent(token)}`, signal),
    refetchOnWindowFocus: false,
  });

/** Makes the holder of the link a member, once. */
export const useJoin = () => useMutation({ mutationFn: (body: JoinBody) => apiSend<typeof joinAnswer>('POST', '/join', body) });
