'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { apiSend } from '#lib/contract/api-client.ts';
import type { jobAnswer } from '#lib/contract/job.ts';
import type { ChangeProjectsBody, changeProjectsAnswer } from '#lib/contract/project-list.ts';

/** Sets the policy or adds tags of many projects. */
export function useChangeProjects() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ChangeProjectsBody) => apiSend<typeof changeProjectsAnswer>('POST', '/projects/changes', body),
    onSuccess: () => client.invalidateQueries({ queryKey: ['project'] }),
  });
}

export interface Forgotten {
  done: number;
  failed: { name: string; message: string }[];
}

/** Forgets projects one after the other; one that cannot be forgotten does not keep the others. */
export function useForgetProjects() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (projects: readonly { id: string; name: string }[]): Promise<Forgotten> => {
      const failed: Forgotten['failed'] = [];
      for (const { id, name } of projects)
        await apiSend<typeof jobAnswer>('DELETE', `/projects/${encodeURIComponent(id)}`).catch((error: Error) => failed.push({ name, message: error.message }));
      return { done: projects.length - failed.length, failed };
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['project'] }),
  });
}
