'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { SECOND_FACTOR } from '#components/shell/queries.ts';
import { apiGet, apiSend } from '#lib/http/api-client.ts';
import { type ChangePasswordBody, ownSessionList, recoveryCodes, secondFactorBegun, sessionsRevoked } from '#lib/http/wire/self.ts';

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

/** A mutation after which `queryKey` is asked for again. */
function useChange<A, B = void>(queryKey: readonly string[], send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey }) });
}

export const useRevokeSession = (id: string) => useChange(SESSIONS, () => apiSend('DELETE', `/me/sessions/${id}`, undefined, z.undefined()));
export const useRevokeOtherSessions = () => useChange(SESSIONS, () => apiSend('POST', '/me/sessions/revoke-others', {}, sessionsRevoked));

export const useChangePassword = () => useChange(SESSIONS, (body: ChangePasswordBody) => apiSend('POST', '/me/password', body, sessionsRevoked));

/** The answers of these hold the secret or the recovery codes, which are never shown again; the caller forgets them. */
export const useBeginSecondFactor = () => useChange(SECOND_FACTOR, () => apiSend('POST', '/me/second-factor', {}, secondFactorBegun));
export const useConfirmSecondFactor = () =>
  useChange(SECOND_FACTOR, (body: { code: string }) => apiSend('POST', '/me/second-factor/confirm', body, recoveryCodes));
export const useRenewRecoveryCodes = () => useChange(SECOND_FACTOR, () => apiSend('POST', '/me/second-factor/recovery-codes', {}, recoveryCodes));

export const useDisableSecondFactor = () => useChange(SECOND_FACTOR, () => apiSend('DELETE', '/me/second-factor', undefined, z.undefined()));
