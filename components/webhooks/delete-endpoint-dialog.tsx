'use client';

import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { WebhookEndpointWire } from '#lib/http/wire/webhook.ts';
import { placeOf } from './endpoint-words.ts';
import { useDeleteEndpoint } from './queries.ts';

/** Asks once: what waits for the endpoint goes with it. */
export function DeleteEndpointDialog({ endpoint, onClose }: { endpoint: WebhookEndpointWire; onClose: () => void }) {
  const remove = useDeleteEndpoint(endpoint.id);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title="Delete the endpoint"
      description={
        <>
          <code className="[overflow-wrap:anywhere]">{placeOf(endpoint.url)}</code> is told nothing more. What still waits for it and the log of its deliveries
          go too. To pause it, turn it off instead.
        </>
      }
      onSubmit={() => remove.mutate(undefined, { onSuccess: onClose })}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="danger" className="max-sm:flex-1" busy={remove.isPending && 'Deleting'}>
            Delete the endpoint
          </Button>
        </>
      }
    >
      {remove.isError && (
        <div className="p-5">
          <Notice tone="danger" role="alert" title="Nothing was deleted.">
            {remove.error.message}
          </Notice>
        </div>
      )}
    </Dialog>
  );
}
