'use client';

import { useQuery } from '@tanstack/react-query';
import { apiGet } from '#lib/http/api-client.ts';
import { status } from '#lib/http/wire/account.ts';

/** Whether the workers are alive. */
export const useStatus = () =>
  useQuery({ queryKey: ['worker', 'status'], refetchInterval: 15_000, queryFn: ({ signal }) => apiGet('/status', status, signal) });
