'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { SECOND_FACTOR } from '#components/session/queries.ts';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { ChangePasswordBody, ownSessionList, recoveryCodes, secondFactorBegun, sessionsRevoked } from '#lib/contract/self.ts';

const SESSIONS = ['session'] as const;
/** When a session was last used comes with no live event. */
const ASK_EVERY_MS = 30_000;

/** The signed-in person's own sessions. */
export const useOwnSessions = () =>
  useQuery({
    queryKey: SESSIONS,
    refetchInterval: ASK_EVERY_MS,
    queryFn: async ({ signal }) => (await apiGet<typeof ownSessionList>('/me/sessions', signal)).sessions,
  });

/** A mutation after which `queryKey` is asked for again. */
function useChange<A, B = void>(queryKey: readonly string[], send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey }) });
}

export const useRevokeSession = (id: string) => useChange(SESSIONS, () => apiSend('DELETE', `/me/sessions/${id}`));
export const useRevokeOtherSessions = () => useChange(SESSIONS, () => apiSend<typeof sessionsRevoked>('POST', '/me/sessions/revoke-others', {}));

export const useChangePassword = () => useChange(SESSIONS, (body: ChangePasswordBody) => apiSend<typeof sessionsRevoked>('POST', '/me/password', body));

/** The answers of these hold the secret or the recovery codes, which are never shown again; the caller forgets them. */
export const useBeginSecondFactor = () => useChange(SECOND_FACTOR, () => apiSend<typeof secondFactorBegun>('POST', '/me/second-factor', {}));
export const useConfirmSecondFactor = () =>
  useChange(SECOND_FACTOR, (body: { code: string }) => apiSend<typeof recoveryCodes>('POST', '/me/second-factor/confirm', body));
export const useRenewRecoveryCodes = () => useChange(SECOND_FACTOR, () => apiSend<typeof recoveryCodes>('POST', '/me/second-factor/recovery-codes', {}));

export const useDisableSecondFactor = () => useChange(SECOND_FACTOR, () => apiSend('DELETE', '/me/second-factor'));
