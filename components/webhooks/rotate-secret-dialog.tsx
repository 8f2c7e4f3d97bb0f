'use client';

import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
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
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title="Rotate the signing secret"
      description={
        <>
          What is sent to <code className="[overflow-wrap:anywhere]">{placeOf(endpoint.url)}</code> is signed with both secrets for 24 h. The former one then no
          longer counts.
        </>
      }
      onSubmit={submit}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" className="max-sm:flex-1" busy={rotate.isPending && 'Making a secret'}>
            Rotate secret
          </Button>
        </>
      }
    >
      {rotate.isError && (
        <div className="p-5">
          <Notice tone="danger" role="alert" title="The secret is as it was.">
            {rotate.error.message}
          </Notice>
        </div>
      )}
    </Dialog>
  );
}
