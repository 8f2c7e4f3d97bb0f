'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { apiGet, apiSend } from '#lib/contract/api-client.ts';
import type { NotificationsBody, notificationsAnswer, testMail } from '#lib/contract/notification.ts';

const NOTIFICATIONS = ['notifications'] as const;
/** How an e-mail went comes with no live event. */
const ASK_EVERY_MS = 30_000;

/** What the signed-in person is notified of. */
export const useNotifications = () =>
  useQuery({
    queryKey: NOTIFICATIONS,
    refetchInterval: ASK_EVERY_MS,
    queryFn: async ({ signal }) => (await apiGet<typeof notificationsAnswer>('/me/notifications', signal)).notifications,
  });

export function useChangeNotifications() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NotificationsBody) => apiSend<typeof notificationsAnswer>('PUT', '/me/notifications', body),
    onSuccess: ({ notifications }) => client.setQueryData(NOTIFICATIONS, notifications),
  });
}

export const useTestMail = () => useMutation({ mutationFn: () => apiSend<typeof testMail>('POST', '/me/notifications/test', {}) });
