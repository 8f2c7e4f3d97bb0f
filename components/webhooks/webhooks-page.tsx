'use client';

import { Lock, Plus, Webhook } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useEndpoints } from '#components/data/webhooks.ts';
import { useChangeReason, useOrganizationReason } from '#components/session/use-role-reason.ts';
import { useActLink } from '#components/ui/act-link.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import type { WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { DeliveriesCard } from './deliveries-card.tsx';
import type { SavedEndpoint } from './endpoint-dialog.tsx';
import { EndpointRow } from './endpoint-row.tsx';
import { SecretDialog } from './secret-dialog.tsx';

// Loaded when it is opened first.
const EndpointDialog = dynamic(() => import('./endpoint-dialog.tsx').then((module) => module.EndpointDialog));

/** Whom Rekey tells what happened, and what became of it. */
export function WebhooksPage() {
  const roleReason = useOrganizationReason('admin');
  const endpoints = useEndpoints(!roleReason);
  if (roleReason)
    return (
      <Card>
        <Empty icon={Lock} title="Webhooks are for owners and admins" text={`${roleReason} Ask one of them which endpoints receive events.`} />
      </Card>
    );
  if (!endpoints.data)
    return (
      <Card title="Endpoints">
        {endpoints.isError ? (
          <ListProblem error={endpoints.error} isAsking={endpoints.isFetching} onRetry={() => void endpoints.refetch()} />
        ) : (
          <RowsSkeleton label="Loading the endpoints" />
        )}
      </Card>
    );
  return <Endpoints endpoints={endpoints.data} />;
}

function Endpoints({ endpoints }: { endpoints: WebhookEndpointWire[] }) {
  const reason = useChangeReason();
  const chosen = useSearchParams().get('endpoint');
  const [isAdding, setIsAdding] = useState(false);
  useActLink('add', reason, () => setIsAdding(true));
  const [saved, setSaved] = useState<SavedEndpoint | null>(null);
  const [problem, setProblem] = useState<Error | null>(null);
  const shown = endpoints.find(({ id }) => id === chosen) ?? endpoints[0];
  const add = (
    <Button kind="primary" size={endpoints.length > 0 ? 'small' : 'normal'} icon={Plus} disabledReason={reason} onClick={() => setIsAdding(true)}>
      Add endpoint
    </Button>
  );
  return (
    <>
      {saved?.warning && !saved.secret && (
        <Notice tone="warn" role="status" className="mb-4" title="The endpoint is saved, and it will not be called yet.">
          {saved.warning}
        </Notice>
      )}
      {problem && (
        <Notice tone="danger" role="alert" className="mb-4" title="Nothing was changed.">
          {problem.message}
        </Notice>
      )}
      {shown ? (
        <>
          <Card title={endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`} actions={add}>
            <ul className="list">
              {endpoints.map((endpoint) => (
                <EndpointRow key={endpoint.id} endpoint={endpoint} isShown={endpoint.id === shown.id} onProblem={setProblem} />
              ))}
            </ul>
          </Card>
          <DeliveriesCard key={shown.id} endpoint={shown} onSaved={setSaved} />
        </>
      ) : (
        <Card>
          <Empty
            icon={Webhook}
            tone="accent"
            title="No endpoint yet"
            text="An endpoint receives a signed event when credentials were rotated and when a job completed or failed, at least once. Events never contain a password."
            foot="Without one nothing is lost: everything is in the audit log."
          >
            {add}
          </Empty>
        </Card>
      )}
      {isAdding && <EndpointDialog endpoint={null} onSaved={setSaved} onClose={() => setIsAdding(false)} />}
      {saved?.secret && <SecretDialog secret={saved.secret} warning={saved.warning} onClose={() => setSaved({ ...saved, secret: null })} />}
    </>
  );
}
