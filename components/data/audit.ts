'use client';

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMe } from '#components/session/me.tsx';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { auditEventList, auditRecordAnswer, auditVerificationAnswer } from '#lib/contract/audit.ts';
import { type AuditFilters, queryOf } from './audit-filters.ts';

const PAGE = 50;

/** Where the organization's audit log is, under the API. */
export const useLogPath = (): string => `/organizations/${encodeURIComponent(useMe().organization.id)}/audit-events`;

/** The log, newest first, page by page. A key that begins with `audit` is asked for again when something is added. */
export function useAuditLog(filters: AuditFilters, isLive: boolean) {
  const path = useLogPath();
  return useInfiniteQuery({
    queryKey: [isLive ? 'audit' : 'still', 'log', filters],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => {
      const query = queryOf(filters, new Date());
      query.set('limit', `${PAGE}`);
      if (pageParam) query.set('cursor', pageParam);
      return apiGet<typeof auditEventList>(`${path}?${query}`, signal);
    },
    getNextPageParam: (last) => last.next_cursor,
  });
}

/** What the last look at the chain found. */
export function useVerification() {
  const path = useLogPath();
  return useQuery({
    queryKey: ['audit', 'verification'],
    // The chain is the whole organization's.
    enabled: useMe().principal.project_ids === undefined,
    queryFn: async ({ signal }) => (await apiGet<typeof auditVerificationAnswer>(`${path}/verification`, signal)).verification,
  });
}

/** Has the whole chain verified now. */
export function useVerifyNow() {
  const path = useLogPath();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => apiSend<typeof auditVerificationAnswer>('POST', `${path}/verification`, {}),
    onSuccess: ({ verification }) => {
      client.setQueryData(['audit', 'verification'], verification);
    },
  });
}

/** One record with its place in the chain. */
export function useAuditRecord(eventId: string) {
  const path = useLogPath();
  return useQuery({
    queryKey: ['audit', 'record', eventId],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => apiGet<typeof auditRecordAnswer>(`${path}/${encodeURIComponent(eventId)}`, signal),
  });
}
