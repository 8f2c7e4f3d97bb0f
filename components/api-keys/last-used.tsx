import { Time } from '#components/ui/time.tsx';
import type { ApiKeyWire } from '#lib/contract/account.ts';

/** When a key was last used, and from where. */
export function LastUsed({ apiKey: { last_used_at: at, last_used_address: address } }: { apiKey: ApiKeyWire }) {
  if (at === null) return 'never';
  return (
    <>
      <Time at={at} style="day" />
      {address && ` from ${address}`}
    </>
  );
}
