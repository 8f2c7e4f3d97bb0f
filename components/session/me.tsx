'use client';

import { useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';
import type { MeWire, me as meSchema } from '#lib/contract/account.ts';
import { apiGet } from '#lib/contract/api-client.ts';

const MeContext = createContext<MeWire | null>(null);

/** Knows from the first paint who is signed in, and asks again from time to time. */
export function MeProvider({ me, children }: { me: MeWire; children: ReactNode }) {
  const { data } = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => apiGet<typeof meSchema>('/me', signal), initialData: me, staleTime: 60_000 });
  return <MeContext value={data}>{children}</MeContext>;
}

/** Who is signed in, for which organization. */
export function useMe(): MeWire {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe is used outside the shell');
  return me;
}
