'use client';

import { targetName } from '#components/data/providers.ts';
import { When } from '#components/ui/time.tsx';
import { listWords } from '#components/ui/words.ts';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { keepersOf, type Trouble, troublesOf } from './integration-words.ts';

/** What went wrong at an integration and what to do, a line for each reason. */
export function IntegrationProblems({ integration }: { integration: IntegrationWire }) {
  const troubles = troublesOf(integration);
  const { provider, overrides, redeployment, check_failure: checkFailure } = integration;
  return (
    <>
      {troubles.map(({ where, text }: Trouble) => (
        <p key={`${where} ${text}`} className="mt-1 text-xs text-ink-2 [overflow-wrap:anywhere]">
          {where && <b className="font-medium">{where}: </b>}
          {text}
        </p>
      ))}
      {keepersOf(integration).map(({ by, at }) => (
        <p key={by} className="num mt-1 text-xs text-ink-3 [overflow-wrap:anywhere] [&_time]:font-sans">
          {by} keeps the changed value, <When at={at} />. The next rotation or sync overwrites it.
        </p>
      ))}
      {overrides.map(({ target, variables }) => (
        <p key={target} className="mt-1 text-xs text-warn-ink [overflow-wrap:anywhere]">
          <b className="font-medium">{targetName(provider, target)}</b> holds its own {listWords(variables)}, which wins there. Rekey does not update it.
        </p>
      ))}
      {checkFailure && (
        <p className="mt-1 text-xs text-ink-2">
          <b className="font-medium">Could not check for drift: </b>
          {checkFailure}
        </p>
      )}
      {redeployment?.state === 'failed' && (
        <p className="mt-1 text-xs text-ink-2">
          <b className="font-medium">Deployment: </b>
          {redeployment.failure}
        </p>
      )}
    </>
  );
}
