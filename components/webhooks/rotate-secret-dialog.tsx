'use client';

import { useRotateSecret } from '#components/data/webhooks.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { Dialect, WebhookEndpointWire } from '#lib/contract/webhook.ts';
import { placeOf } from './endpoint-words.ts';

/** Their receivers read one signature. */
const READS_ONE: readonly Dialect[] = ['vector', 'capydb'];

interface RotateSecretDialogProps {
  endpoint: WebhookEndpointWire;
  onSecret: (secret: string | null) => void;
  onClose: () => void;
}

/** Asks once, and says how long the former secret counts. */
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
