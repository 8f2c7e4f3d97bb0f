'use client';

import { useNow } from '#components/ui/now.tsx';
import { Countdown, Time } from '#components/ui/time.tsx';
import { When } from '#components/ui/when.tsx';
import type { ApiKeyWire } from '#lib/contract/account.ts';
import { endOf } from './key-words.ts';

/** When a key ends, or how it ended. */
export function KeyEnd({ apiKey }: { apiKey: ApiKeyWire }) {
  const now = useNow();
  const { expires_at: end, revoked_at: revoked } = apiKey;
  if (now === null) return null;
  switch (endOf(apiKey, now)) {
    case 'revoked':
      return (
        <span className="text-ink-3">
          revoked <When at={revoked ?? ''} />
        </span>
      );
    case 'ended':
      return (
        <span className="text-ink-3">
          ended <Time at={end ?? ''} style="day" />
        </span>
      );
    case 'rotated':
      return (
        <span className="font-medium text-warn-ink">
          rotated, ends in <Countdown until={end ?? ''} />
        </span>
      );
    case 'soon':
      return (
        <span className="font-medium text-warn-ink">
          in <Countdown until={end ?? ''} />
        </span>
      );
    case 'later':
      return <Time at={end ?? ''} style="day" />;
    case 'never':
      return <span className="text-ink-3">never</span>;
  }
}
