'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useEffectEvent } from 'react';

const PREFIX = '#act-';

/** Opens a page, and what is done there: the palette offers the acts of all pages. */
export function useGoToAct(): (path: string, act: string) => void {
  const router = useRouter();
  return useCallback(
    (path, act) => {
      // The router tells nobody of a hash on the page that is open; the browser does.
      if (window.location.pathname === path) window.location.hash = `${PREFIX}${act}`;
      else router.push(`${path}${PREFIX}${act}`);
    },
    [router],
  );
}

/** Does an act of a page where the address asks for it, once it can be done: `reason` says why not yet. The address asks once. */
export function useActLink(act: string, reason: string | false, run: () => void): void {
  const runIfAsked = useEffectEvent(() => {
    if (reason || window.location.hash !== `${PREFIX}${act}`) return;
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search);
    run();
  });
  useEffect(() => {
    if (!reason) runIfAsked();
  }, [reason]);
  useEffect(() => {
    const onHash = () => runIfAsked();
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
}
