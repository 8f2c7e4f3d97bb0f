'use client';

import { CloudOff } from 'lucide-react';
import { useLive } from '#components/session/live.tsx';
import { Icon } from '#components/ui/icon.tsx';

/** Whether the page moves by itself, at the right end of the top bar. */
export function LiveIndicator() {
  const { state } = useLive();
  if (state === 'stale') {
    return (
      <span className="flex items-center gap-2 text-xs font-medium text-warn-ink">
        <Icon as={CloudOff} />
        Not live
      </span>
    );
  }
  return (
    <span className="hidden items-center gap-2 text-xs text-ink-3 sm:flex">
      <span className={`size-1.5 rounded-full ${state === 'live' ? 'bg-ok' : 'bg-control'}`} />
      {state === 'live' ? 'Live' : 'Reloaded every 5 s'}
    </span>
  );
}
