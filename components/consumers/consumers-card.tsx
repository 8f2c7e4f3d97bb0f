'use client';

import { Clock, type LucideIcon, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { useConsumers } from '#components/data/consumers.ts';
import { useIntegrations } from '#components/data/integrations.ts';
import { PROVIDER_NAMES, PROVIDERS, type Provider } from '#components/data/providers.ts';
import { IntegrationItem } from '#components/integrations/integration-item.tsx';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { State } from '#components/ui/state.tsx';
import { Span } from '#components/ui/time.tsx';
import type { ConsumerWire } from '#lib/contract/consumer.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { CONSUMER_KINDS } from './consumer-kinds.ts';
import { aboutConsumer } from './consumer-words.ts';

interface NobodyYetProps {
  /** Why nobody can be written down now, or false. */
  reason: string | false;
  onConnect: (provider: Provider) => void;
  onWriteDown: () => void;
}

/** Where no consumer is known: the ways to name one. */
function NobodyYet({ reason, onConnect, onWriteDown }: NobodyYetProps) {
  const roleReason = useRoleReason('admin');
  return (
    <>
      <div className="px-4 py-4">
        <p className="font-semibold text-base">What holds this URL?</p>
        <p className="mt-0.5 text-ink-2">List it now: the next rotation updates the first three automatically and gives you a checklist for the rest.</p>
      </div>
      <ul className="list border-t border-line">
        {PROVIDER_NAMES.map((provider) => (
          <Way
            key={provider}
            icon={PROVIDERS[provider].icon}
            name={PROVIDERS[provider].fullName}
            act="Connect"
            reason={roleReason || reason}
            onClick={() => onConnect(provider)}
          />
        ))}
        <Way icon={Clock} name="A cron job, a laptop, a vault" act="Add" reason={reason} onClick={onWriteDown} />
      </ul>
    </>
  );
}

interface WayProps {
  icon: LucideIcon;
  name: string;
  act: string;
  reason: string | false;
  onClick: () => void;
}

const Way = ({ icon, name, act, reason, onClick }: WayProps) => (
  <li className="flex items-center gap-3 py-1.5 pr-2 pl-4">
    <Icon as={icon} className="text-ink-3" />
    <span className="flex-1 font-medium">{name}</span>
    <Button size="small" aria-label={`${act}: ${name}`} disabledReason={reason} onClick={onClick}>
      {act}
    </Button>
  </li>
);

/** A consumer that a person tells, and what became of that after the last rotation. */
function ConsumerRow({ consumer, onChange }: { consumer: ConsumerWire; onChange: () => void }) {
  const { name, kind, task, project_id: projectId } = consumer;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Icon as={CONSUMER_KINDS[kind].icon} className="mt-0.5 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <button type="button" className="truncate font-medium hover:underline" title={`Change ${name}`} onClick={onChange}>
            {name}
          </button>
          <span className="spacer" />
          {task && <span className="shrink-0">{task.done_at === null ? <State kind="to-do">To update</State> : <State kind="ticked">Updated</State>}</span>}
        </p>
        <p className="flex items-baseline gap-2 text-xs text-ink-3">
          <span className="min-w-0 flex-1 truncate">{aboutConsumer(consumer)}</span>
          {task && (
            <span className="num shrink-0">
              v{task.version}
              {task.done_at !== null && (
                <>
                  , <Span since={task.done_at} /> ago
                </>
              )}
            </span>
          )}
        </p>
        {task && task.done_at === null && (
          <Link className="link text-xs" href={`/projects/${projectId}/activity/${task.job_id}`}>
            Open the checklist
          </Link>
        )}
      </div>
    </li>
  );
}

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
