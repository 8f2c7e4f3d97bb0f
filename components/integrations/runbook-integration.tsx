'use client';

import { Rocket, Upload } from 'lucide-react';
import { useRedeploy, useSync } from '#components/data/integrations.ts';
import { Button } from '#components/ui/button.tsx';
import { StateIcon } from '#components/ui/state.tsx';
import { When } from '#components/ui/time.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { runbookItem } from './runbook-item.ts';
import { useSyncReason } from './use-sync-reason.ts';

/** An integration in the runbook of a completed rotation. */
export function RunbookIntegration({ integration, version }: { integration: IntegrationWire; version: number }) {
  const { provider, project_id: projectId } = integration;
  const { isOpen, kind, title, text, act, at } = runbookItem(integration, version);
  const bring = useSync(projectId, provider);
  const redeploy = useRedeploy(projectId, provider);
  const reason = useSyncReason();
  const problem = bring.error ?? redeploy.error;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <StateIcon kind={kind} className="mt-0.5" />
      <div className="min-w-0 flex-1">
        <p className={isOpen ? 'font-medium' : undefined}>{title}</p>
        <p className="text-xs text-ink-3 [overflow-wrap:anywhere]">{text}</p>
        {problem && (
          <p className="text-xs text-danger-ink" role="alert">
            {problem.message}
          </p>
        )}
      </div>
      {act === 'sync' && (
        <Button size="small" icon={Upload} busy={bring.isPending && 'Requesting'} disabledReason={reason} onClick={() => bring.mutate(undefined)}>
          Sync now
        </Button>
      )}
      {act === 'redeploy' && (
        <Button size="small" icon={Rocket} busy={redeploy.isPending && 'Requesting'} disabledReason={reason} onClick={() => redeploy.mutate(undefined)}>
          Redeploy
        </Button>
      )}
      {at && (
        <span className="num shrink-0 text-xs text-ink-3 [&_time]:font-sans">
          <When at={at} />
        </span>
      )}
    </li>
  );
}
