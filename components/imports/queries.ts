'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type {
  accountList,
  CheckImportBody,
  importAnswer,
  importCheckAnswer,
  importedRowList,
  importServerList,
  StartImportBody,
  TakeOverBody,
  takeOverAnswer,
} from '#lib/contract/import.ts';

const POLL_MS = 1_000;
const importKey = (id: string) => ['import', id] as const;

/** The verdicts of a dry run. */
export const checkImport = async (body: CheckImportBody) => (await apiSend<typeof importCheckAnswer>('POST', '/imports/dry-run', body)).import_check;

export function useStartImport() {
  return useMutation({ mutationFn: (body: StartImportBody) => apiSend<typeof importAnswer>('POST', '/imports', body) });
}

/** An import, asked for again while it runs. */
export const useImport = (id: string) =>
  useQuery({
    queryKey: importKey(id),
    queryFn: async ({ signal }) => (await apiGet<typeof importAnswer>(`/imports/${encodeURIComponent(id)}`, signal)).import,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? POLL_MS : false),
  });

/** Its rows of one state, the first 200; asked for again when `version` changes. */
export const useImportRows = (id: string, state: string, version: number) =>
  useQuery({
    queryKey: [...importKey(id), 'rows', state, version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => apiGet<typeof importedRowList>(`/imports/${encodeURIComponent(id)}/rows?${state === 'all' ? '' : `state=${state}`}`, signal),
  });

export function useCancelImport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend<typeof importAnswer>('POST', `/imports/${encodeURIComponent(id)}/cancel`, {}),
    onSettled: () => client.invalidateQueries({ queryKey: importKey(id) }),
  });
}

/** Servers whose rotator can list their accounts. */
export const useImportServers = (enabled: boolean) =>
  useQuery({ queryKey: ['import-servers'], enabled, queryFn: ({ signal }) => apiGet<typeof importServerList>('/imports/servers', signal) });

const accountsPath = (serverId: string) => `/imports/servers/${encodeURIComponent(serverId)}`;
const accountsKey = (serverId: string) => ['import-accounts', serverId] as const;

/** The accounts of a server: each reading is a login of its rotator, so none is made without being asked for. */
export const useAccounts = (serverId: string) =>
  useQuery({
    queryKey: accountsKey(serverId),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => apiGet<typeof accountList>(`${accountsPath(serverId)}/accounts`, signal),
  });

export function useTakeOver(serverId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: TakeOverBody) => apiSend<typeof takeOverAnswer>('POST', `${accountsPath(serverId)}/take-over`, body),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: accountsKey(serverId) }), client.invalidateQueries({ queryKey: ['project'] })]),
  });
}
