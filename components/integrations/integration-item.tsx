'use client';

import { Rocket, Upload } from 'lucide-react';
import Link from 'next/link';
import { useRedeploy, useSync } from '#components/data/integrations.ts';
import { PROVIDERS, placeName } from '#components/data/providers.ts';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { State } from '#components/ui/state.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { DriftChoice } from './drift-choice.tsx';
import { HeldVersion } from './held-version.tsx';
import { IntegrationProblems } from './integration-problems.tsx';
import { driftedTargets, integrationState, targetsWords, troublesOf, variablesWords } from './integration-words.ts';
import { deploymentOf } from './redeploy-words.ts';
import { TargetList } from './target-list.tsx';
import { useSyncReason } from './use-sync-reason.ts';

/** An integration on the connections page: what it holds, and the next act where it needs a person. */
export function IntegrationItem({ integration, version }: { integration: IntegrationWire; version: number }) {
  const { provider, project_id: projectId, state, sync } = integration;
  const { kind, label } = integrationState(integration);
  const where = targetsWords(integration);
  const bring = useSync(projectId, provider);
  const redeploy = useRedeploy(projectId, provider);
  const reason = useSyncReason();
  const isDrifted = sync === null && driftedTargets(integration).length > 0;
  const needsSync = sync === null && state === 'failed';
  const needsRedeploy = sync === null && deploymentOf(integration, version).is === 'due' && integration.config.redeploy === 'manual';
  const problem = bring.error ?? redeploy.error;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Icon as={PROVIDERS[provider].icon} className="mt-0.5 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium">{placeName(integration)}</span>
          <span className="spacer" />
          <span className="shrink-0">
            <State kind={kind}>{label}</State>
          </span>
        </p>
        <p className="flex items-baseline gap-2 text-xs text-ink-3">
          <span className="min-w-0 flex-1 truncate">
            {variablesWords(integration)}
            {where && `, ${where}`}
          </span>
          <span className="num shrink-0 [&_time]:font-sans">
            <HeldVersion integration={integration} />
          </span>
        </p>
        <TargetList integration={integration} />
        <IntegrationProblems integration={integration} />
        {problem && (
          <p className="mt-1 text-xs text-danger-ink" role="alert">
            {problem.message}
          </p>
        )}
        {(isDrifted || needsSync || needsRedeploy) && (
          <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-2">
            {isDrifted && <DriftChoice integration={integration} version={version} />}
            {needsSync && (
              <Button size="small" icon={Upload} busy={bring.isPending && 'Requesting'} disabledReason={reason} onClick={() => bring.mutate(undefined)}>
                Sync now
              </Button>
            )}
            {needsRedeploy && (
              <Button size="small" icon={Rocket} busy={redeploy.isPending && 'Requesting'} disabledReason={reason} onClick={() => redeploy.mutate(undefined)}>
                Redeploy
              </Button>
            )}
            {!isDrifted && troublesOf(integration).length > 0 && (
              <Link className="link text-xs" href={`/projects/${projectId}/settings#integrations`}>
                Open the settings
              </Link>
            )}
          </div>
        )}
      </div>
    </li>
  );
}
