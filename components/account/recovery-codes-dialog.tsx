'use client';

import { Check, Copy } from 'lucide-react';
import { useCallback } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { useCopy } from '#components/ui/use-copy.ts';

/** The recovery codes, this once. Whoever closes it forgets them. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  const { copied, copy } = useCopy(useCallback(async () => codes.join('\n'), [codes]));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      staysOpen
      title="Keep these recovery codes"
      description="Each lets you sign in once without the app. They are shown only once: store them apart from your phone. Earlier ones stop working."
      actions={
        <Button kind="primary" className="max-sm:flex-1" onClick={onClose}>
          I have stored them
        </Button>
      }
    >
      <div className="grid justify-items-start gap-4 p-5">
        <ol className="mono grid w-full gap-x-6 gap-y-1 sm:grid-cols-2" aria-label="Recovery codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <Button size="small" onClick={() => void copy()}>
          <Icon as={copied ? Check : Copy} />
          <span aria-live="polite">{copied ? 'Copied' : 'Copy all ten'}</span>
        </Button>
      </div>
    </Dialog>
  );
}
