'use client';

import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useIntegrations } from '#components/data/integrations.ts';
import { PROVIDER_NAMES, PROVIDERS, type Provider } from '#components/data/providers.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { IntegrationRow } from './integration-row.tsx';
import { useSyncReason } from './use-sync-reason.ts';

// Loaded when it is opened first.
const ConnectDialog = dynamic(() => import('./connect-dialog.tsx').then((module) => module.ConnectDialog));

/** Where Rekey writes the URL by itself. */
export function IntegrationsSection({ project }: { project: ProjectWire }) {
  const integrations = useIntegrations(project.id);
  const [connecting, setConnecting] = useState<Provider | null>(null);
  const syncReason = useSyncReason();
  const roleReason = useRoleReason('admin');
  const staleReason = useStaleReason();
  const manageReason = roleReason || staleReason;
  if (integrations.isPending)
    return (
      <Card>
        <Loading label="Loading the integrations" className="grid h-14 content-center gap-2 px-4">
          <SkeletonBar width="40%" />
          <SkeletonBar width="60%" />
        </Loading>
      </Card>
    );
  if (integrations.isError) return <p role="status">The integrations could not be loaded: {integrations.error.message}</p>;
  const free = PROVIDER_NAMES.filter((provider) => integrations.data.every((integration) => integration.provider !== provider));
  return (
    <>
      {integrations.data.length > 0 && (
        <ul className="card list">
          {integrations.data.map((integration) => (
            <IntegrationRow
              key={integration.id}
              integration={integration}
              version={project.credential.version}
              syncReason={syncReason}
              manageReason={manageReason}
            />
          ))}
        </ul>
      )}
      {integrations.data.length > 0 && <p className="hint">Running deployments keep the old variables until they are redeployed.</p>}
      {free.length > 0 && (
        <div className={`flex flex-wrap gap-2 ${integrations.data.length > 0 ? 'mt-3' : ''}`}>
          {free.map((provider) => (
            <Button key={provider} size="small" icon={Plus} disabledReason={manageReason} onClick={() => setConnecting(provider)}>
              Connect {PROVIDERS[provider].name}
            </Button>
          ))}
        </div>
      )}
      {connecting && <ConnectDialog projectId={project.id} projectName={project.name} provider={connecting} onClose={() => setConnecting(null)} />}
    </>
  );
}
