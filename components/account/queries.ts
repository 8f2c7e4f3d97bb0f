'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { apiGet, apiSend } from '#lib/http/api-client.ts';
import { ownSessionList, sessionsRevoked } from '#lib/http/wire/self.ts';

const SESSIONS = ['session'] as const;
/** When a session was last used comes with no live event. */
const ASK_EVERY_MS = 30_000;

/** The signed-in person's own sessions. */
export const useOwnSessions = () =>
  useQuery({
    queryKey: SESSIONS,
    refetchInterval: ASK_EVERY_MS,
    queryFn: async ({ signal }) => (await apiGet('/me/sessions', ownSessionList, signal)).sessions,
  });

/** A mutation after which the sessions are asked for again. */
function useChange<A>(send: () => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: SESSIONS }) });
}

export const useRevokeSession = (id: string) => useChange(() => apiSend('DELETE', `/me/sessions/${id}`, undefined, z.undefined()));
export const useRevokeOtherSessions = () => useChange(() => apiSend('POST', '/me/sessions/revoke-others', {}, sessionsRevoked));
