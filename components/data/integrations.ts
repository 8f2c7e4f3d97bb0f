'use client';

import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { z } from 'zod';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type {
  ConnectBody,
  FindPlacesBody,
  IntegrationWire,
  integrationAnswer,
  integrationDeleted,
  integrationList,
  integrationWithJob,
  integrationWithOptionalJob,
  PlaceListWire,
  placeList,
  UpdateIntegrationBody,
} from '#lib/contract/integration.ts';
import type { jobAnswer } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { keys, useSharedLogin } from './projects.ts';
import type { Provider } from './providers.ts';

const INTEGRATIONS = ['integration'] as const;
const at = (projectId: string) => `/projects/${encodeURIComponent(projectId)}/integrations`;

/** While something is in progress it is asked for again and again, so that the page is right without the live stream too; not while a retry is waited for. */
const RUNNING_MS = 1000;
const isRunning = ({ sync, redeployment }: IntegrationWire): boolean => sync?.attempts === 0 || redeployment?.state === 'requested';

const integrationsOf = (projectId: string) => ({
  queryKey: [...INTEGRATIONS, projectId],
  queryFn: async ({ signal }: { signal: AbortSignal }) => (await apiGet<typeof integrationList>(at(projectId), signal)).integrations,
  refetchInterval: ({ state }: { state: { data?: IntegrationWire[] | undefined } }) => (state.data?.some(isRunning) ? RUNNING_MS : (false as const)),
});

/** Where the URL of a project is written by Rekey itself. */
export const useIntegrations = (projectId: string) => useQuery(integrationsOf(projectId));

/** The same for every project on the login; `data` is undefined until all are known. */
export function useIntegrationsOfLogin(project: ProjectWire): { data: IntegrationWire[] | undefined; error: Error | null } {
  const { sharing, error } = useSharedLogin(project);
  const lists = useQueries({ queries: (sharing ?? []).map(({ id }) => integrationsOf(id)) });
  const failed = error ?? lists.find((list) => list.error)?.error ?? null;
  if (!sharing || lists.some((list) => list.data === undefined)) return { data: undefined, error: failed };
  return { data: lists.flatMap(({ data }) => data ?? []), error: failed };
}

export type PlaceTargets = Pick<PlaceListWire, 'own_targets' | 'inherited'>;
const NONE: PlaceTargets = { own_targets: [], inherited: [] };

/** The targets that one place has of its own, and what it inherits; a token that is given is not kept, without one that of the integration asks. */
export function usePlaceTargets(
  projectId: string,
  provider: Provider,
  place: Pick<FindPlacesBody, 'token' | 'external_id' | 'account_id'> | null,
): PlaceTargets {
  const { mutate, data, reset } = useFindPlaces(projectId, provider);
  const { token, external_id: externalId, account_id: accountId } = place ?? {};
  const isAsked = place !== null;
  useEffect(() => {
    if (!isAsked) return reset();
    mutate({ ...(token && { token }), ...(externalId && { external_id: externalId }), ...(accountId && { account_id: accountId }) });
  }, [isAsked, token, externalId, accountId, mutate, reset]);
  return data ?? NONE;
}

/** The places that a token can change. Neither is kept. */
export const useFindPlaces = (projectId: string, provider: Provider) =>
  useMutation({ mutationFn: (body: FindPlacesBody) => apiSend<typeof placeList>('POST', `${at(projectId)}/${provider}/places`, body) });

/** A mutation after which the integrations and the jobs of the project are asked for again. */
function useChange<B, S extends z.ZodType>(projectId: string, send: (body: B) => Promise<z.infer<S>>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    // Of what was refused too: somebody else may have been there first.
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: INTEGRATIONS }), client.invalidateQueries({ queryKey: keys.jobsOf(projectId) })]),
  });
}

export const useConnect = (projectId: string) => useChange(projectId, (body: ConnectBody) => apiSend<typeof integrationWithJob>('POST', at(projectId), body));

export const useUpdateIntegration = (projectId: string, provider: Provider) =>
  useChange(projectId, (body: UpdateIntegrationBody) => apiSend<typeof integrationWithOptionalJob>('PATCH', `${at(projectId)}/${provider}`, body));

/** Brings the current password there; 409 while that is in progress. */
export const useSync = (projectId: string, provider: Provider) =>
  useChange(projectId, (_: undefined) => apiSend<typeof jobAnswer>('POST', `${at(projectId)}/${provider}/sync`, undefined));

/** Looks whether what was written still stands there. */
export const useCheck = (projectId: string, provider: Provider) =>
  useChange(projectId, (_: undefined) => apiSend<typeof integrationAnswer>('POST', `${at(projectId)}/${provider}/check`, undefined));

/** Lets stand what somebody changed there. */
export const useKeep = (projectId: string, provider: Provider) =>
  useChange(projectId, (_: undefined) => apiSend<typeof integrationAnswer>('POST', `${at(projectId)}/${provider}/keep`, undefined));

/** Has a deployment begun that takes up the variables. */
export const useRedeploy = (projectId: string, provider: Provider) =>
  useChange(projectId, (_: undefined) => apiSend<typeof integrationAnswer>('POST', `${at(projectId)}/${provider}/redeploy`, undefined));

/** Rekey forgets the token; what it wrote there stays. */
export const useDisconnect = (projectId: string, provider: Provider) =>
  useChange(projectId, (_: undefined) => apiSend<typeof integrationDeleted>('DELETE', `${at(projectId)}/${provider}`, undefined));
