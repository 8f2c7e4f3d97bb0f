'use client';

import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { WebhookEndpointWire } from '#lib/http/wire/webhook.ts';
import { placeOf } from './endpoint-words.ts';
import { useRotateSecret } from './queries.ts';

interface RotateSecretDialogProps {
  endpoint: WebhookEndpointWire;
  onSecret: (secret: string | null) => void;
  onClose: () => void;
}

/** Asks once, and says how long both secrets count. */
export function RotateSecretDialog({ endpoint, onSecret, onClose }: RotateSecretDialogProps) {
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
          What is sent to <code className="[overflow-wrap:anywhere]">{placeOf(endpoint.url)}</code> is signed with both secrets for 24 h. The former one then no
          longer counts.
        </>
      }
      onSubmit={submit}
      action="Rotate secret"
      busy={rotate.isPending && 'Making a secret'}
      problem={rotate.error?.message}
      problemTitle="The secret is as it was."
    />
  );
}
