'use client';

import { Rocket } from 'lucide-react';
import { useRedeploy } from '#components/data/integrations.ts';
import { PROVIDERS } from '#components/data/providers.ts';
import { Button } from '#components/ui/button.tsx';
import { When } from '#components/ui/when.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { deploymentOf } from './redeploy-words.ts';
import { useSyncReason } from './use-sync-reason.ts';

/** Whether what runs there has been asked to take the variables up; with the button where that is due. */
export function DeploymentLine({ integration, version }: { integration: IntegrationWire; version: number }) {
  const redeploy = useRedeploy(integration.project_id, integration.provider);
  const reason = useSyncReason();
  const deployment = deploymentOf(integration, version);
  switch (deployment.is) {
    case 'due':
      return (
        <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-ink-2">
          v{version} is written. There was no redeployment since.
          <Button size="small" icon={Rocket} busy={redeploy.isPending && 'Requesting'} disabledReason={reason} onClick={() => redeploy.mutate(undefined)}>
            Redeploy
          </Button>
        </p>
      );
    case 'asked':
      return <p className="mt-1 text-xs text-ink-3">A redeployment is being requested.</p>;
    case 'started':
      return (
        <p className="num mt-1 text-xs text-ink-3 [&_time]:font-sans">
          A redeployment started at <When at={deployment.at} />. Whether v{version} runs there is shown at {PROVIDERS[integration.provider].name}.
        </p>
      );
    case 'waiting':
    case 'failed':
    case 'next-run':
      return null;
  }
}
