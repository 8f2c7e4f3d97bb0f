'use client';

import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { ConsumerTaskWire, ConsumerWire, CreateConsumerBody, consumerAnswer, consumerList, consumerTaskAnswer } from '#lib/contract/consumer.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { keys, useSharedLogin } from './projects.ts';

const CONSUMERS = ['consumer'] as const;
const at = (projectId: string) => `/projects/${encodeURIComponent(projectId)}/consumers`;

const consumersOf = (projectId: string) => ({
  queryKey: [...CONSUMERS, projectId],
  queryFn: async ({ signal }: { signal: AbortSignal }) => (await apiGet<typeof consumerList>(at(projectId), signal)).consumers,
});

/** Who holds a project's URL and has to be told by a person, by name. */
export const useConsumers = (projectId: string) => useQuery(consumersOf(projectId));

/** A consumer of this project, or of another one on the same login. */
export interface Holder extends ConsumerWire {
  /** The other project's name; null where it is this one. */
  ofProject: string | null;
}

export interface Holders {
  /** Undefined until all are known. */
  data: Holder[] | undefined;
  error: Error | null;
}

/** Everybody whom a rotation of the project's login concerns: other projects may use it too. */
export function useHolders(project: ProjectWire): Holders {
  const { sharing, error: unknown } = useSharedLogin(project);
  const lists = useQueries({ queries: (sharing ?? []).map(({ id }) => consumersOf(id)) });
  const error = unknown ?? lists.find((list) => list.error)?.error ?? null;
  if (!sharing || lists.some((list) => list.data === undefined)) return { data: undefined, error };
  const data = sharing.flatMap(({ id, name }, index) =>
    (lists[index]?.data ?? []).map((consumer) => ({ ...consumer, ofProject: id === project.id ? null : name })),
  );
  return { data, error };
}

/** Writes a consumer down, or changes the one with this id. */
export function useSaveConsumer(projectId: string, consumerId: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: CreateConsumerBody) =>
      consumerId === null
        ? apiSend<typeof consumerAnswer>('POST', at(projectId), body)
        : apiSend<typeof consumerAnswer>('PATCH', `${at(projectId)}/${consumerId}`, body),
    onSuccess: () => client.invalidateQueries({ queryKey: CONSUMERS }),
  });
}

export function useRemoveConsumer(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (consumerId: string) => apiSend('DELETE', `${at(projectId)}/${consumerId}`),
    onSuccess: () => client.invalidateQueries({ queryKey: CONSUMERS }),
  });
}

/** Ticks a task of a rotation, or takes the tick back. */
export function useTick(jobId: string, { id, project_id: projectId }: ConsumerTaskWire) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (isDone: boolean) =>
      apiSend<typeof consumerTaskAnswer>(isDone ? 'POST' : 'DELETE', `/projects/${encodeURIComponent(projectId)}/jobs/${jobId}/tasks/${id}/done`, undefined),
    onSuccess: () => Promise.all([client.invalidateQueries({ queryKey: keys.job(jobId) }), client.invalidateQueries({ queryKey: CONSUMERS })]),
  });
}
