'use client';

import { KeySquare, Lock, Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useEffect, useRef, useState } from 'react';
import { useApiKeys, useRevokeKey } from '#components/data/api-keys.ts';
import { useChangeReason, useOrganizationReason } from '#components/session/use-role-reason.ts';
import { useActLink } from '#components/ui/act-link.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { ShownOnce } from '#components/ui/shown-once.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import type { ApiKeyCreatedWire, ApiKeyWire } from '#lib/contract/account.ts';
import { KeyTable } from './key-table.tsx';
import { beginningOf } from './key-words.ts';
import { LastUsed } from './last-used.tsx';

/** Shows a new key once. It is gone when this closes. */
function NewKeyNotice({ made: { api_key: apiKey, plaintext_api_key: key }, onClose }: { made: ApiKeyCreatedWire; onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  // Rotated far down the list, it would stand out of sight.
  useEffect(() => {
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div ref={place} className="notice mb-4 scroll-mt-20 !items-center max-sm:flex-wrap" data-tone="accent" role="status">
      <Icon as={KeySquare} className="!mt-0 max-sm:hidden" />
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <p className="font-medium">“{apiKey.name}” is ready. It is shown only once.</p>
        <ShownOnce value={key} what="the key" className="mt-1.5 max-w-[34rem]" />
      </div>
      <Button className="max-sm:w-full" onClick={onClose}>
        I have stored it
      </Button>
    </div>
  );
}

/** Asks once, and says when the key was last used: what uses it stops. */
function RevokeKeyDialog({ apiKey, onClose }: { apiKey: ApiKeyWire; onClose: () => void }) {
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

// Loaded when they are opened first.
const CreateKeyDialog = dynamic(() => import('./create-key-dialog.tsx').then((module) => module.CreateKeyDialog));
const RotateKeyDialog = dynamic(() => import('./rotate-key-dialog.tsx').then((module) => module.RotateKeyDialog));

/** What calls Rekey without a person. */
export function ApiKeysPage() {
  const roleReason = useOrganizationReason('admin');
  const keys = useApiKeys(!roleReason);
  if (roleReason)
    return (
      <Card>
        <Empty icon={Lock} title="API keys are for owners and admins" text="An owner or an admin can create a key for you, limited to what you need.">
          <Button icon={Plus} disabledReason={roleReason}>
            New key
          </Button>
        </Empty>
      </Card>
    );
  if (!keys.data)
    return (
      <Card title="Keys">
        {keys.isError ? (
          <ListProblem error={keys.error} isAsking={keys.isFetching} onRetry={() => void keys.refetch()} />
        ) : (
          <RowsSkeleton label="Loading the keys" />
        )}
      </Card>
    );
  return <Keys keys={keys.data} />;
}

type Asked = { what: 'create' } | { what: 'rotate' | 'revoke'; apiKey: ApiKeyWire };

function Keys({ keys }: { keys: ApiKeyWire[] }) {
  const reason = useChangeReason();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [made, setMade] = useState<ApiKeyCreatedWire | null>(null);
  useActLink('create', reason, () => setAsked({ what: 'create' }));
  const close = () => setAsked(null);
  const add = (
    <Button kind="primary" size={keys.length > 0 ? 'small' : 'normal'} icon={Plus} disabledReason={reason} onClick={() => setAsked({ what: 'create' })}>
      New key
    </Button>
  );
  return (
    <>
      {made && <NewKeyNotice key={made.api_key.id} made={made} onClose={() => setMade(null)} />}
      {keys.length > 0 ? (
        <Card title={keys.length === 1 ? '1 key' : `${keys.length} keys`} actions={add} foot="Only a hash is stored. A revoked key is refused within a second.">
          <KeyTable
            keys={keys}
            reason={reason}
            onRotate={(apiKey) => setAsked({ what: 'rotate', apiKey })}
            onRevoke={(apiKey) => setAsked({ what: 'revoke', apiKey })}
          />
        </Card>
      ) : (
        <Card>
          <Empty
            icon={KeySquare}
            tone="accent"
            title="No key yet"
            text="With a key, a pipeline or the command line can call Rekey. Each key has only the scopes it needs and is revoked separately."
          >
            {add}
          </Empty>
        </Card>
      )}
      {asked?.what === 'create' && <CreateKeyDialog onKey={setMade} onClose={close} />}
      {asked?.what === 'rotate' && <RotateKeyDialog apiKey={asked.apiKey} onKey={setMade} onClose={close} />}
      {asked?.what === 'revoke' && <RevokeKeyDialog apiKey={asked.apiKey} onClose={close} />}
    </>
  );
}
