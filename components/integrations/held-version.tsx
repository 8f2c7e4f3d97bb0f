'use client';

import { Countdown, useNow, When } from '#components/ui/time.tsx';
import type { IntegrationWire } from '#lib/contract/integration.ts';
import { driftedTargets, heldVersion, syncedAt } from './integration-words.ts';

/** Which version it holds and since when; while a sync fails, when it is tried again; where it was changed there, when that was found. */
export function HeldVersion({ integration }: { integration: IntegrationWire }) {
  const { sync } = integration;
  const version = heldVersion(integration);
  const at = syncedAt(integration);
  const now = useNow();
  if (sync && sync.attempts > 0) {
    const isDue = now === null || Date.parse(sync.next_attempt_at) <= now.getTime();
    return (
      <>
        try {sync.attempts + 1} of {sync.max_attempts}
        {!isDue && (
          <>
            {' '}
            in <Countdown until={sync.next_attempt_at} />
          </>
        )}
      </>
    );
  }
  const [drifted] = driftedTargets(integration);
  if (drifted?.checked_at) return <When at={drifted.checked_at} />;
  if (version === null || at === null) return <>nothing written yet</>;
  return (
    <>
      v{version}, <When at={at} />
    </>
  );
}
