'use client';

import { useQuery } from '@tanstack/react-query';
import { apiGet } from '#lib/http/api-client.ts';
import { status } from '#lib/http/wire/account.ts';
import { secondFactor } from '#lib/http/wire/self.ts';

/** Whether the workers are alive. */
export const useStatus = () =>
  useQuery({ queryKey: ['worker', 'status'], refetchInterval: 15_000, queryFn: ({ signal }) => apiGet('/status', status, signal) });

export const SECOND_FACTOR = ['second-factor'] as const;

/** Whether the signed-in person's second factor is on. */
export const useSecondFactor = () => useQuery({ queryKey: SECOND_FACTOR, queryFn: ({ signal }) => apiGet('/me/second-factor', secondFactor, signal) });
