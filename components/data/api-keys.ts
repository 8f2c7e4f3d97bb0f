'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '#components/session/me.tsx';
import type { apiKeyCreated, apiKeyList, CreateApiKeyBody, RotateApiKeyBody } from '#lib/contract/account.ts';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';

const API_KEYS = ['api-keys'] as const;
/** The time and address of the last use come with no live event. */
const ASK_EVERY_MS = 30_000;

const useKeysPath = () => `/organizations/${encodeURIComponent(useMe().organization.id)}/api-keys`;

export function useApiKeys(enabled: boolean) {
  const path = useKeysPath();
  return useQuery({
    queryKey: API_KEYS,
    enabled,
    refetchInterval: ASK_EVERY_MS,
    queryFn: async ({ signal }) => (await apiGet<typeof apiKeyList>(path, signal)).api_keys,
  });
}

/** A mutation after which the keys are asked for again. */
function useChange<B, A>(send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: API_KEYS }) });
}

/** The answer holds the key, which is never shown again; the caller forgets it. */
export function useCreateKey() {
  const path = useKeysPath();
  return useChange((body: CreateApiKeyBody) => apiSend<typeof apiKeyCreated>('POST', path, body));
}

/** As with a new key: the answer holds it. */
export function useRotateKey(keyId: string) {
  const path = useKeysPath();
  return useChange((body: RotateApiKeyBody) => apiSend<typeof apiKeyCreated>('POST', `${path}/${keyId}/rotate`, body));
}

export function useRevokeKey(keyId: string) {
  const path = useKeysPath();
  return useChange(() => apiSend('DELETE', `${path}/${keyId}`));
}
