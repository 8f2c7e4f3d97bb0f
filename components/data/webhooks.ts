'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '#components/session/me.tsx';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type {
  CreateWebhookEndpointBody,
  DeliveryWire,
  deliveryAnswer,
  deliveryList,
  UpdateWebhookEndpointBody,
  WebhookEndpointWire,
  webhookEndpointAnswer,
  webhookEndpointList,
  webhookEndpointWithSecret,
} from '#lib/contract/webhook.ts';

const WEBHOOKS = ['webhook'] as const;
const ENDPOINTS = [...WEBHOOKS, 'endpoints'] as const;
export const SHOWN_DELIVERIES = 20;
const PENDING_MS = 2_000;

const useEndpointsPath = () => `/organizations/${encodeURIComponent(useMe().organization.id)}/webhook-endpoints`;

export function useEndpoints(enabled: boolean) {
  const path = useEndpointsPath();
  return useQuery({
    queryKey: ENDPOINTS,
    enabled,
    queryFn: async ({ signal }) => (await apiGet<typeof webhookEndpointList>(path, signal)).webhook_endpoints,
  });
}

const isOpen = ({ state }: DeliveryWire): boolean => state === 'pending';

/** What an endpoint was told, newest first, with each try. */
export function useDeliveries(endpointId: string, enabled: boolean) {
  const path = useEndpointsPath();
  return useQuery({
    queryKey: [...WEBHOOKS, 'deliveries', endpointId],
    enabled,
    queryFn: async ({ signal }) => (await apiGet<typeof deliveryList>(`${path}/${endpointId}/deliveries?limit=${SHOWN_DELIVERIES}`, signal)).deliveries,
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? PENDING_MS : false),
  });
}

/** A mutation after which endpoints and deliveries are asked for again. */
function useChange<B, A>(send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS }) });
}

/** The answer holds the signing secret, which is never shown again; the caller forgets it. */
export function useCreateEndpoint() {
  const path = useEndpointsPath();
  return useChange((body: CreateWebhookEndpointBody) => apiSend<typeof webhookEndpointWithSecret>('POST', path, body));
}

export function useUpdateEndpoint(endpointId: string) {
  const path = useEndpointsPath();
  return useChange((body: UpdateWebhookEndpointBody) => apiSend<typeof webhookEndpointAnswer>('PATCH', `${path}/${endpointId}`, body));
}

/** It leaves the list at once: nothing may ask for its deliveries any more. */
export function useDeleteEndpoint(endpointId: string) {
  const path = useEndpointsPath();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend('DELETE', `${path}/${endpointId}`),
    onSuccess: () => {
      client.setQueryData<WebhookEndpointWire[]>(ENDPOINTS, (all) => all?.filter(({ id }) => id !== endpointId));
      return client.invalidateQueries({ queryKey: WEBHOOKS });
    },
  });
}

/** As with a new endpoint: the answer holds the secret. */
export function useRotateSecret(endpointId: string) {
  const path = useEndpointsPath();
  return useChange(() => apiSend<typeof webhookEndpointWithSecret>('POST', `${path}/${endpointId}/rotate-secret`, undefined));
}

export function useSendTest(endpointId: string) {
  const path = useEndpointsPath();
  return useChange(() => apiSend<typeof deliveryAnswer>('POST', `${path}/${endpointId}/test`, undefined));
}

export function useRedeliver(endpointId: string) {
  const path = useEndpointsPath();
  return useChange((deliveryId: string) => apiSend<typeof deliveryAnswer>('POST', `${path}/${endpointId}/deliveries/${deliveryId}/redeliver`, undefined));
}
