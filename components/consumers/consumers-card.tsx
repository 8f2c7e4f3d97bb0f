'use client';

import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useConsumers } from '#components/data/consumers.ts';
import { useIntegrations } from '#components/data/integrations.ts';
import type { Provider } from '#components/data/providers.ts';
import { IntegrationItem } from '#components/integrations/integration-item.tsx';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { ConsumerWire } from '#lib/contract/consumer.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { ConsumerRow } from './consumer-row.tsx';
import { NobodyYet } from './nobody-yet.tsx';

// Loaded when they are opened first.
const ConsumerDialog = dynamic(() => import('./consumer-dialog.tsx').then((module) => module.ConsumerDialog));
const ConnectDialog = dynamic(() => import('#components/integrations/connect-dialog.tsx').then((module) => module.ConnectDialog));

/** Who holds this URL: those that Rekey updates by itself, and those that a person tells. */
export function ConsumersCard({ project }: { project: ProjectWire }) {
  const consumers = useConsumers(project.id);
  const integrations = useIntegrations(project.id);
  const [open, setOpen] = useState<ConsumerWire | 'new' | null>(null);
  const [connecting, setConnecting] = useState<Provider | null>(null);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const reason = roleReason || staleReason;
  const add = () => setOpen('new');
  const isKnown = consumers.isSuccess && integrations.isSuccess;
  const problem = consumers.error ?? integrations.error;
  const count = (consumers.data?.length ?? 0) + (integrations.data?.length ?? 0);
  return (
    <>
      <Card
        id="consumers"
        title="Consumers"
        aside={isKnown && count > 0 && <span className="num">{count}, which hold this URL</span>}
        actions={
          isKnown &&
          count > 0 && (
            <Button kind="quiet" size="small" icon={Plus} disabledReason={reason} onClick={add}>
              Add
            </Button>
          )
        }
      >
        {!isKnown && !problem && <Waiting />}
        {problem && (
          <p className="px-4 py-3" role="status">
            {problem.message}
          </p>
        )}
        {isKnown && count === 0 && <NobodyYet reason={reason} onConnect={setConnecting} onWriteDown={add} />}
        {(isKnown || problem) && integrations.data && integrations.data.length > 0 && (
          <>
            <h3 className="px-4 pt-3 text-xs font-medium text-ink-3">Updated automatically</h3>
            <ul className="list">
              {integrations.data.map((integration) => (
                <IntegrationItem key={integration.id} integration={integration} version={project.credential.version} />
              ))}
            </ul>
          </>
        )}
        {(isKnown || problem) && consumers.data && consumers.data.length > 0 && (
          <>
            <h3 className="px-4 pt-3 text-xs font-medium text-ink-3 [.list+&]:border-t [.list+&]:border-line">Updated by a person</h3>
            <ul className="list">
              {consumers.data.map((consumer) => (
                <ConsumerRow key={consumer.id} consumer={consumer} onChange={() => setOpen(consumer)} />
              ))}
            </ul>
          </>
        )}
      </Card>
      {open !== null && <ConsumerDialog projectId={project.id} consumer={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
      {connecting && <ConnectDialog projectId={project.id} projectName={project.name} provider={connecting} onClose={() => setConnecting(null)} />}
    </>
  );
}

const Waiting = () => (
  <Loading label="Loading the consumers" className="px-4 py-2">
    {['52%', '44%', '60%'].map((width) => (
      <div key={width} className="flex h-11 items-center justify-between gap-6">
        <SkeletonBar width={width} />
        <SkeletonBar width="4rem" />
      </div>
    ))}
  </Loading>
);
