'use client';

import type { SecretPlace } from '#components/data/sites.ts';
import { useDeleteSecret } from '#components/data/sites.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { SecretWire } from '#lib/contract/vector/secret.ts';

interface DeleteSecretDialogProps {
  secret: SecretWire;
  place: SecretPlace;
  onClose: () => void;
}

/** Asks before a secret goes: its value cannot be had back. */
export function DeleteSecretDialog({ secret, place, onClose }: DeleteSecretDialogProps) {
  const remove = useDeleteSecret();
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Delete ${secret.key}`}
      description={`${place.id === null ? 'All sites go' : `${place.name} goes`} without it from the next deployment on. Running deployments keep it until then. Its value cannot be restored.`}
      onSubmit={() => remove.mutate({ environmentId: place.id, id: secret.id }, { onSuccess: onClose })}
      action="Delete the secret"
      danger
      busy={remove.isPending && 'Deleting'}
      problem={remove.error?.message}
      problemTitle="Nothing was deleted."
    />
  );
}
