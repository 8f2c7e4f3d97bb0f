'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { type ReactNode, useState } from 'react';
import { CutLines } from '#components/ui/cut-lines.tsx';
import { NowProvider } from '#components/ui/time.tsx';
import { Toaster } from '#components/ui/toaster.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';

const RETRIES = 3;

/** What everything on the page stands in. */
export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  // An open dialog adds a style element that stops the page behind it from scrolling. Only the nonce of the loaded page
  // counts: a later answer to the router brings another.
  useState(() => nonce && setNonce(nonce));
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 2000,
            // A definite answer of the API is not asked for again.
            retry: (count, error) => count < RETRIES && !(error instanceof ApiProblem && error.status > 0 && error.status < 500),
          },
        },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <NowProvider>
        {children}
        <CutLines />
        <Toaster />
      </NowProvider>
    </QueryClientProvider>
  );
}
