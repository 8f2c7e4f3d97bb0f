'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { SetupBody, setupAnswer, setupState } from '#lib/contract/setup.ts';

/** What the link's token opens; refused once it has been used. */
export const useSetupState = (token: string) =>
  useQuery({
    queryKey: ['setup', token],
    queryFn: ({ signal }) => apiGet<typeof setupState>(`/setup?token=${encodeURIComponent(token)}`, signal),
    // Only a worker may still be on its way.
    refetchInterval: ({ state }) => (state.data?.workers.count === 0 ? 2000 : false),
    refetchOnWindowFocus: false,
  });

/** Makes the owner and the organization, once. */
export const useSetUp = () => useMutation({ mutationFn: (body: SetupBody) => apiSend<typeof setupAnswer>('POST', '/setup', body) });
