'use client';

import { useLive } from '#components/session/live.tsx';
import { useStatus } from '#components/session/queries.ts';

/** Whether somebody is there to do the work. */
export function WorkersLine() {
  const workers = useStatus().data?.components.find((component) => component.name === 'worker');
  const isStale = useLive().state === 'stale';
  if (!workers) return null;
  const isOk = workers.status === 'ok';
  return (
    <p data-stale={isStale || undefined} className={`flex items-baseline gap-2 px-2 py-1 text-xs ${isOk ? 'text-ink-3' : 'font-medium text-warn-ink'}`}>
      <span className={`size-1.5 shrink-0 rounded-full ${isOk ? 'bg-ok' : 'bg-warn'}`} />
      {workers.workers === 0 ? 'No worker is running' : (workers.message ?? (isOk ? 'A worker is alive' : 'No worker is alive'))}
    </p>
  );
}
