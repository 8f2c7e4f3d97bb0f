'use client';

import { targetName } from '#components/data/providers.ts';
import { State } from '#components/ui/state.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { isUniform, sortedTargets, targetState } from './integration-words.ts';

/** The targets one by one, where they do not all say the same. */
export function TargetList({ integration }: { integration: IntegrationWire }) {
  const { provider, sync } = integration;
  if (isUniform(integration)) return null;
  return (
    <ul className="mt-1 grid gap-0.5 text-xs">
      {sortedTargets(integration).map((target) => {
        const { kind, label } = targetState(target, sync !== null);
        return (
          <li key={target.target} className="flex items-center gap-x-2">
            <span className="min-w-0 flex-1 truncate text-ink-3">{targetName(provider, target.target)}</span>
            <State kind={kind}>{label}</State>
            <span className="num w-8 text-right text-ink-3">{target.version === null ? '–' : `v${target.version}`}</span>
          </li>
        );
      })}
    </ul>
  );
}
