'use client';

import type { JobWire } from '#lib/contract/job.ts';
import { Drawer } from './drawer.tsx';

/** The job as the API answers it. There is no secret in it. */
export function RawRecord({ job, open, onOpenChange }: { job: JobWire; open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Drawer open={open} onOpenChange={onOpenChange} title={`Record of ${job.id}`}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="code min-h-0 flex-1 overflow-auto" tabIndex={0}>
        <code>{JSON.stringify(job, null, 2)}</code>
      </pre>
    </Drawer>
  );
}
