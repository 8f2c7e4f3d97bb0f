'use client';

import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { SecretWire } from '#lib/http/wire/vector/secret.ts';
import { useDeleteSecret } from './queries.ts';
import type { SecretPlace } from './secrets-card.tsx';

interface DeleteSecretDialogProps {
  secret: SecretWire;
  place: SecretPlace;
  onClose: () => void;
}

/** Asks before a secret goes: its value cannot be had back. */
export function DeleteSecretDialog({ secret, place, onClose }: DeleteSecretDialogProps) {
  const remove = useDeleteSecret();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title={`Delete ${secret.key}`}
      description={`${place.id === null ? 'All sites go' : `${place.name} goes`} without it from the next deployment on. What runs keeps it until then. Its value cannot be had back.`}
      onSubmit={() => !remove.isPending && remove.mutate({ environmentId: place.id, id: secret.id }, { onSuccess: onClose })}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="danger" className="max-sm:flex-1" busy={remove.isPending && 'Deleting'}>
            Delete the secret
          </Button>
        </>
      }
    >
      {remove.isError && (
        <Notice tone="danger" role="alert" className="m-5" title="Nothing was deleted.">
          {remove.error.message}
        </Notice>
      )}
    </Dialog>
  );
}
