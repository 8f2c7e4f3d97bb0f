'use client';

import { Ellipsis, KeyRound, PowerOff, Send } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { SHOWN_DELIVERIES, useDeleteEndpoint, useDeliveries, useRedeliver, useRotateSecret, useSendTest } from '#components/data/webhooks.ts';
import { useChangeReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Menu, MenuItem } from '#components/ui/menu.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import type { Dialect, WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { DeliveryDetail } from './delivery-detail.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import type { SavedEndpoint } from './endpoint-dialog.tsx';
import { OFF_REASONS, placeOf } from './endpoint-words.ts';

/** Their receivers read one signature. */
const READS_ONE: readonly Dialect[] = ['vector', 'capydb'];

interface RotateSecretDialogProps {
  endpoint: WebhookEndpointWire;
  onSecret: (secret: string | null) => void;
  onClose: () => void;
}

/** Asks once, and says how long the former secret counts. */
function RotateSecretDialog({ endpoint, onSecret, onClose }: RotateSecretDialogProps) {
  const rotate = useRotateSecret(endpoint.id);
  const submit = () =>
    rotate.mutate(undefined, {
      onSuccess: ({ plaintext_secret: secret }) => {
        onSecret(secret);
        onClose();
      },
    });
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title="Rotate the signing secret"
      description={
        <>
          Deliveries to <code className="[overflow-wrap:anywhere]">{placeOf(endpoint.url)}</code>{' '}
          {READS_ONE.includes(endpoint.dialect)
            ? 'are signed with the former secret until the receiver accepts the new one, for 24 h at most. Send a test once the receiver has the new secret.'
            : 'are signed with both secrets for 24 h. The former secret then stops working.'}
        </>
      }
      onSubmit={submit}
      action="Rotate secret"
      busy={rotate.isPending && 'Creating a secret'}
      problem={rotate.error?.message}
      problemTitle="The secret was not changed."
    />
  );
}

/** Asks once: what waits for the endpoint goes with it. */
function DeleteEndpointDialog({ endpoint, onClose }: { endpoint: WebhookEndpointWire; onClose: () => void }) {
  const remove = useDeleteEndpoint(endpoint.id);
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title="Delete the endpoint"
      description={
        <>
          <code className="[overflow-wrap:anywhere]">{placeOf(endpoint.url)}</code> receives nothing more. Its pending deliveries and their log are deleted too.
          To pause it, turn it off instead.
        </>
      }
      onSubmit={() => remove.mutate(undefined, { onSuccess: onClose })}
      action="Delete the endpoint"
      danger
      busy={remove.isPending && 'Deleting'}
      problem={remove.error?.message}
      problemTitle="Nothing was deleted."
    />
  );
}

// Loaded when it is opened first.
const EndpointDialog = dynamic(() => import('./endpoint-dialog.tsx').then((module) => module.EndpointDialog));

type Asked = 'change' | 'delete' | 'rotate' | null;

interface DeliveriesCardProps {
  endpoint: WebhookEndpointWire;
  onSaved: (saved: SavedEndpoint) => void;
}

/** What one endpoint was told, what it answered, and what can be done with it. */
export function DeliveriesCard({ endpoint, onSaved }: DeliveriesCardProps) {
  const redeliver = useRedeliver(endpoint.id);
  const test = useSendTest(endpoint.id);
  const changeReason = useChangeReason();
  const [asked, setAsked] = useState<Asked>(null);
  // Not while it is being deleted: it may be gone before the answer is here.
  const deliveries = useDeliveries(endpoint.id, asked !== 'delete');
  const [chosen, setChosen] = useState<string | null>(null);
  const reason = changeReason || (!endpoint.is_active && 'The endpoint is off. Turn it on first.');
  const shown = deliveries.data?.find(({ id }) => id === chosen) ?? deliveries.data?.find(({ attempt_log: log }) => log.length > 0);
  const problem = redeliver.error ?? test.error;
  const close = () => setAsked(null);
  return (
    <Card
      className="mt-4"
      title={
        <>
          Deliveries to <code className="[overflow-wrap:anywhere]">{placeOf(endpoint.url)}</code>
        </>
      }
      actions={
        <>
          <Button
            size="small"
            icon={Send}
            disabledReason={reason}
            busy={test.isPending && 'Sending'}
            onClick={() => test.mutate(undefined, { onSuccess: () => setChosen(null) })}
          >
            Send a test
          </Button>
          {endpoint.dialect !== 'slack' && (
            <Button size="small" icon={KeyRound} disabledReason={changeReason} onClick={() => setAsked('rotate')}>
              Rotate secret
            </Button>
          )}
          <Menu trigger={<IconButton label="More about this endpoint" icon={Ellipsis} />}>
            <MenuItem disabled={Boolean(changeReason)} onSelect={() => setAsked('change')}>
              Change the endpoint
            </MenuItem>
            <MenuItem tone="danger" disabled={Boolean(changeReason)} onSelect={() => setAsked('delete')}>
              Delete the endpoint
            </MenuItem>
          </Menu>
        </>
      }
      foot={deliveries.data?.length === SHOWN_DELIVERIES && `The newest ${SHOWN_DELIVERIES}. Deliveries older than 30 days are deleted.`}
    >
      <TurnedOff endpoint={endpoint} />
      {problem && (
        <div className="p-4 pb-0">
          <Notice tone="danger" role="alert" title="Nothing was sent.">
            {problem.message}
          </Notice>
        </div>
      )}
      {deliveries.isPending && <RowsSkeleton label="Loading the deliveries" />}
      {deliveries.isError && <ListProblem error={deliveries.error} isAsking={deliveries.isFetching} onRetry={() => void deliveries.refetch()} />}
      {deliveries.data?.length === 0 && <p className="px-4 py-3 text-ink-3">Nothing was delivered yet. Send a test to see whether it answers.</p>}
      {deliveries.data && deliveries.data.length > 0 && (
        <DeliveryTable
          deliveries={deliveries.data}
          shownId={shown?.id}
          onShow={setChosen}
          reason={reason}
          onRedeliver={(id) => redeliver.mutate(id, { onSuccess: ({ delivery }) => setChosen(delivery.id) })}
        />
      )}
      {shown && <DeliveryDetail key={shown.id} delivery={shown} />}
      {asked === 'change' && <EndpointDialog endpoint={endpoint} onSaved={onSaved} onClose={close} />}
      {asked === 'delete' && <DeleteEndpointDialog endpoint={endpoint} onClose={close} />}
      {asked === 'rotate' && <RotateSecretDialog endpoint={endpoint} onSecret={(secret) => onSaved({ secret, warning: null })} onClose={close} />}
    </Card>
  );
}

function TurnedOff({ endpoint: { disabled_at: at, disabled_reason: reason } }: { endpoint: WebhookEndpointWire }) {
  if (!at || !reason) return null;
  return (
    <div className="p-4">
      <Notice
        tone="warn"
        icon={PowerOff}
        title={
          <>
            Rekey turned it off on <Time at={at} style="full" />: {OFF_REASONS[reason]}.
          </>
        }
      >
        Nothing is sent to it meanwhile. Fix the receiver or change the URL, then turn it on: pending deliveries are then sent.
      </Notice>
    </div>
  );
}
