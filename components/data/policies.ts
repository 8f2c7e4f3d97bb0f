'use client';

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '#components/session/me.tsx';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { memberList } from '#lib/contract/member.ts';
import type {
  CreatePolicyBody,
  PolicyPreviewBody,
  policyAnswer,
  policyList,
  policyPreview,
  projectPolicyAnswer,
  UpdatePolicyBody,
} from '#lib/contract/policy.ts';

/** A policy changes what its projects show, and a rotation that ends changes what its policy shows: the same live event makes both old. */
const POLICIES = ['project', 'policies'] as const;
const projectPolicyKey = (projectId: string) => ['project', projectId, 'policy'] as const;

const usePath = () => `/organizations/${encodeURIComponent(useMe().organization.id)}/policies`;

/** All policies of the organization, with how many logins they cover. */
export function usePolicies(enabled = true) {
  const path = usePath();
  return useQuery({ queryKey: POLICIES, enabled, queryFn: ({ signal }) => apiGet<typeof policyList>(path, signal) });
}

/** A mutation after which policies and projects are asked for again. */
function useChange<B, A>(send: (body: B) => Promise<A>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: ['project'] }) });
}

export function useCreatePolicy() {
  const path = usePath();
  return useChange((body: CreatePolicyBody) => apiSend<typeof policyAnswer>('POST', path, body));
}

export function useUpdatePolicy() {
  const path = usePath();
  return useChange(({ id, ...body }: UpdatePolicyBody & { id: string }) => apiSend<typeof policyAnswer>('PATCH', `${path}/${id}`, body));
}

export function useDeletePolicy() {
  const path = usePath();
  return useChange((id: string) => apiSend('DELETE', `${path}/${id}`));
}

/** Members whom a policy may notify. */
export function useRecipients() {
  const path = `/organizations/${encodeURIComponent(useMe().organization.id)}/members`;
  return useQuery({ queryKey: ['member', 'recipients'], queryFn: async ({ signal }) => (await apiGet<typeof memberList>(path, signal)).members });
}

/** The next five runs of a rule as it is being written; the last answer stays until the next one is here. */
export function usePreview(body: PolicyPreviewBody) {
  const path = usePath();
  return useQuery({
    queryKey: ['policy-preview', body],
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: () => apiSend<typeof policyPreview>('POST', `${path}/preview`, body),
  });
}

const at = (projectId: string) => `/projects/${encodeURIComponent(projectId)}/policy`;

/** The policy of a project with its next runs. */
export const useProjectPolicy = (projectId: string) =>
  useQuery({ queryKey: projectPolicyKey(projectId), queryFn: ({ signal }) => apiGet<typeof projectPolicyAnswer>(at(projectId), signal) });

export const useSetProjectPolicy = (projectId: string) =>
  useChange((policyId: string | null) => apiSend<typeof projectPolicyAnswer>('PUT', at(projectId), { policy_id: policyId }));
