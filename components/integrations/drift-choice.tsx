'use client';

import { Upload } from 'lucide-react';
import { useKeep, useSync } from '#components/data/integrations.ts';
import { Button } from '#components/ui/button.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { useSyncReason } from './use-sync-reason.ts';

/** Where somebody changed it there: ours again, or theirs. Nothing is written over it before one is chosen, but by a rotation. */
export function DriftChoice({ integration, version }: { integration: IntegrationWire; version: number }) {
  const { project_id: projectId, provider } = integration;
  const putBack = useSync(projectId, provider);
  const keep = useKeep(projectId, provider);
  const reason = useSyncReason();
  const isBusy = putBack.isPending || keep.isPending;
  const problem = putBack.error ?? keep.error;
  return (
    <>
      <Button size="small" icon={Upload} busy={putBack.isPending && 'Requesting'} disabledReason={reason} onClick={() => !isBusy && putBack.mutate(undefined)}>
        Put v{version} back
      </Button>
      <Button size="small" kind="quiet" busy={keep.isPending && 'Keeping'} disabledReason={reason} onClick={() => !isBusy && keep.mutate(undefined)}>
        Keep theirs
      </Button>
      {problem && (
        <p className="basis-full text-xs text-danger-ink" role="alert">
          {problem.message}
        </p>
      )}
    </>
  );
}
