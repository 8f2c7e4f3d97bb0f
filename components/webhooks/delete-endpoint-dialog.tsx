'use client';

import { useDeleteEndpoint } from '#components/data/webhooks.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { placeOf } from './endpoint-words.ts';

/** Asks once: what waits for the endpoint goes with it. */
export function DeleteEndpointDialog({ endpoint, onClose }: { endpoint: WebhookEndpointWire; onClose: () => void }) {
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
