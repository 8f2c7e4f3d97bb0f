'use client';

import { useQuery } from '@tanstack/react-query';
import { apiGet } from '#lib/http/api-client.ts';
import { me, status } from '#lib/http/wire/account.ts';

/** Who is signed in, for which organization. */
export const useMe = () => useQuery({ queryKey: ['me'], staleTime: 60_000, queryFn: ({ signal }) => apiGet('/me', me, signal) });

/** Whether the workers are alive. */
export const useStatus = () =>
  useQuery({ queryKey: ['worker', 'status'], refetchInterval: 15_000, queryFn: ({ signal }) => apiGet('/status', status, signal) });
