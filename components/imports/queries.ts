'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/http/api-client.ts';
import { type CheckImportBody, importAnswer, importCheckAnswer, importedRowList, type StartImportBody } from '#lib/http/wire/import.ts';

const POLL_MS = 1_000;
const importKey = (id: string) => ['import', id] as const;

/** The verdicts of a dry run. */
export const checkImport = async (body: CheckImportBody) => (await apiSend('POST', '/imports/dry-run', body, importCheckAnswer)).import_check;

export function useStartImport() {
  return useMutation({ mutationFn: (body: StartImportBody) => apiSend('POST', '/imports', body, importAnswer) });
}

/** An import, asked for again while it runs. */
export const useImport = (id: string) =>
  useQuery({
    queryKey: importKey(id),
    queryFn: async ({ signal }) => (await apiGet(`/imports/${encodeURIComponent(id)}`, importAnswer, signal)).import,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? POLL_MS : false),
  });

/** Its rows of one state, the first 200; asked for again when `version` changes. */
export const useImportRows = (id: string, state: string, version: number) =>
  useQuery({
    queryKey: [...importKey(id), 'rows', state, version],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => apiGet(`/imports/${encodeURIComponent(id)}/rows?${state === 'all' ? '' : `state=${state}`}`, importedRowList, signal),
  });

export function useCancelImport(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend('POST', `/imports/${encodeURIComponent(id)}/cancel`, {}, importAnswer),
    onSettled: () => client.invalidateQueries({ queryKey: importKey(id) }),
  });
}
