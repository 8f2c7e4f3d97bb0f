'use client';

import { useDisconnect } from '#components/data/integrations.ts';
import { PROVIDERS, placeName } from '#components/data/providers.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { heldVersion } from './integration-words.ts';

/** Says what stays before Rekey forgets a token. */
export function DisconnectDialog({ integration, onClose }: { integration: IntegrationWire; onClose: () => void }) {
  const { provider, project_id: projectId } = integration;
  const disconnect = useDisconnect(projectId, provider);
  const version = heldVersion(integration);
  const { name, variable } = PROVIDERS[provider];
  return (
    <FormDialog
      onClose={onClose}
      narrow
      title={`Disconnect ${placeName(integration)}`}
      description={`Rekey forgets the token. The ${variable}s at ${name} stay as they are${version === null ? '' : `, with v${version}`}, and no later password is written there.`}
      onSubmit={() => disconnect.mutate(undefined, { onSuccess: onClose })}
      action={`Disconnect ${name}`}
      danger
      busy={disconnect.isPending && 'Disconnecting'}
      problem={disconnect.error?.message}
      problemTitle="It is still connected."
    />
  );
}
