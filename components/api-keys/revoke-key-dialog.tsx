'use client';

import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { ApiKeyWire } from '#lib/http/wire/account.ts';
import { beginningOf } from './key-words.ts';
import { LastUsed } from './last-used.tsx';
import { useRevokeKey } from './queries.ts';

/** Asks once, and says when the key was last used: what uses it stops. */
export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyWire; onClose: () => void }) {
  const revoke = useRevokeKey(apiKey.id);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title={`Revoke ${apiKey.name}`}
      description={
        <>
          <code>{beginningOf(apiKey)}</code> is refused from the next request on, for good. Last used: <LastUsed apiKey={apiKey} />.
        </>
      }
      onSubmit={() => revoke.mutate(undefined, { onSuccess: onClose })}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="danger" className="max-sm:flex-1" busy={revoke.isPending && 'Revoking'}>
            Revoke the key
          </Button>
        </>
      }
    >
      {revoke.isError && (
        <div className="p-5">
          <Notice tone="danger" role="alert" title="Nothing was revoked.">
            {revoke.error.message}
          </Notice>
        </div>
      )}
    </Dialog>
  );
}
