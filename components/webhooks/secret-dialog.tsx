'use client';

import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ShownOnce } from '#components/ui/shown-once.tsx';

interface SecretDialogProps {
  secret: string;
  onClose: () => void;
  /** What to do where it is lost. */
  ifLost?: string;
  /** Why the receiver will not be called as things stand. */
  warning?: string | null;
}

/** Shows a signing secret once. It is gone when this closes. */
export function SecretDialog({ secret, warning, onClose, ifLost = 'rotate the secret: the old one keeps working for 24 h' }: SecretDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      staysOpen
      title="The signing secret"
      description="The receiver uses it to verify that an event comes from Rekey."
      actions={
        <Button kind="primary" className="max-sm:flex-1" onClick={onClose}>
          I have stored it
        </Button>
      }
    >
      <div className="grid gap-4 p-5">
        <Notice tone="warn" title="It is shown only once.">
          Copy it to the receiver now. If it is lost, {ifLost}.
        </Notice>
        <ShownOnce value={secret} what="the secret" />
        {warning && (
          <Notice tone="warn" title="Saved, and it will not be called yet.">
            {warning}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}
