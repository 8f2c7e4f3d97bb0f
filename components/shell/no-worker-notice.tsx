'use client';

import { Hourglass } from 'lucide-react';
import { useNoWorker } from '#components/session/queries.ts';
import { Notice } from '#components/ui/notice.tsx';

/** Above every page while nobody is there to do the work. */
export function NoWorkerNotice() {
  if (!useNoWorker()) return null;
  return (
    <Notice tone="warn" icon={Hourglass} role="status" className="mb-5" title="No worker is running.">
      Rotations, checks, syncs, deployments and webhooks wait; until then nothing is sent. Start one with <code>npm run worker</code>, or restart{' '}
      <code>npm start</code>.
    </Notice>
  );
}
