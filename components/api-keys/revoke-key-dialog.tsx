'use client';

import { useRevokeKey } from '#components/data/api-keys.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { ApiKeyWire } from '#lib/contract/account.ts';
import { beginningOf } from './key-words.ts';
import { LastUsed } from './last-used.tsx';

/** Asks once, and says when the key was last used: what uses it stops. */
export function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyWire; onClose: () => void }) {
  const revoke = useRevokeKey(apiKey.id);
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Revoke ${apiKey.name}`}
      description={
        <>
          <code>{beginningOf(apiKey)}</code> is refused from the next request on. This cannot be undone. Last used: <LastUsed apiKey={apiKey} />.
        </>
      }
      onSubmit={() => revoke.mutate(undefined, { onSuccess: onClose })}
      action="Revoke the key"
      danger
      busy={revoke.isPending && 'Revoking'}
      problem={revoke.error?.message}
      problemTitle="Nothing was revoked."
    />
  );
}
