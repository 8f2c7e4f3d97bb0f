'use client';

import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import type { IntegrationWire } from '#lib/http/wire/integration.ts';
import { heldVersion } from './integration-words.ts';
import { PROVIDERS, placeName } from './providers.ts';
import { useDisconnect } from './queries.ts';

/** Says what stays before Rekey forgets a token. */
export function DisconnectDialog({ integration, onClose }: { integration: IntegrationWire; onClose: () => void }) {
  const { provider, project_id: projectId } = integration;
  const disconnect = useDisconnect(projectId, provider);
  const version = heldVersion(integration);
  const { name, variable } = PROVIDERS[provider];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      narrow
      title={`Disconnect ${placeName(integration)}`}
      description={`Rekey forgets the token. The ${variable}s at ${name} stay as they are${version === null ? '' : `, with v${version}`}, and no later password gets there.`}
      onSubmit={() => !disconnect.isPending && disconnect.mutate(undefined, { onSuccess: onClose })}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="danger" className="max-sm:flex-1" busy={disconnect.isPending && 'Disconnecting'}>
            Disconnect {name}
          </Button>
        </>
      }
    >
      {disconnect.isError && (
        <div className="p-5">
          <Notice tone="danger" role="alert" title="It is still connected.">
            {disconnect.error.message}
          </Notice>
        </div>
      )}
    </Dialog>
  );
}
