'use client';

import { Check, Copy } from 'lucide-react';
import { useCallback } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { useCopy } from '#components/ui/use-copy.ts';

/** A signing secret, this once. Whoever closes it forgets the secret. */
export function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { copied, copy } = useCopy(useCallback(async () => secret, [secret]));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title="The signing secret"
      description="The receiver checks with it that what it is told comes from Rekey."
      actions={
        <Button kind="primary" className="max-sm:flex-1" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <div className="grid gap-4 p-5">
        <Notice tone="warn" title="It is shown this once.">
          Copy it to the receiver now. If it is lost, rotate the secret: the former one goes on counting for 24 h.
        </Notice>
        <div className="secret" data-state="revealed">
          <code>
            <span className="hole">{secret}</span>
          </code>
          <Button kind="quiet" size="small" onClick={() => void copy()}>
            <Icon as={copied ? Check : Copy} />
            <span aria-live="polite">
              {copied ? 'Copied' : 'Copy'}
              <span className="sr-only"> the secret</span>
            </span>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
