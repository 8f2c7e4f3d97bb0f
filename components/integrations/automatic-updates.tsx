'use client';

import { RefreshCw } from 'lucide-react';
import { PROVIDERS, placeName } from '#components/data/providers.ts';
import { Icon } from '#components/ui/icon.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { afterSyncWords } from './redeploy-words.ts';

/** In the rotate dialog: who gets the new password without anybody's doing. */
export function AutomaticUpdates({ integrations }: { integrations: readonly IntegrationWire[] }) {
  return (
    <section aria-labelledby="update-themselves">
      <h3 id="update-themselves" className="flex items-center gap-2 font-semibold">
        <Icon as={RefreshCw} className="text-ok" />
        Updated automatically <span className="num font-normal text-ink-3">{integrations.length}</span>
      </h3>
      <ul className="mt-1.5">
        {integrations.map((integration) => (
          <li key={integration.id} className="flex items-baseline gap-2.5 py-1">
            <Icon as={PROVIDERS[integration.provider].icon} className="translate-y-0.5 text-ink-3" />
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              <b className="font-medium">{placeName(integration)}</b>{' '}
              <span className="text-ink-3">
                {count(integration)}, {afterSyncWords(integration)}
              </span>
              {integration.rotation_warning && (
                <span className={`block text-xs ${integration.rotation_warning.code === 'integration_failing' ? 'text-danger-ink' : 'text-warn-ink'}`}>
                  {integration.rotation_warning.message}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className="hint">Running deployments keep the old URL until they are redeployed.</p>
    </section>
  );
}

function count({ provider, config: { variables } }: IntegrationWire): string {
  const { variable } = PROVIDERS[provider];
  return variables.length === 1 ? `1 ${variable}` : `${variables.length} ${variable}s`;
}
