'use client';

import { CloudOff, RotateCw } from 'lucide-react';
import { useLive } from '#components/session/live.tsx';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Span, Time } from '#components/ui/time.tsx';

/** Above a page that may no longer be true. */
export function StaleNotice() {
  const { state, asOf, reconnect } = useLive();
  if (state !== 'stale' || !asOf) return null;
  return (
    <Notice
      tone="warn"
      icon={CloudOff}
      role="status"
      className="mb-5"
      title={
        <>
          Last known state, from <Time at={asOf} plain />.
        </>
      }
      action={
        <Button size="small" icon={RotateCw} onClick={reconnect}>
          Reconnect
        </Button>
      }
    >
      {/* The span moves each second: not for readers. */}
      <span aria-hidden="true">
        Rekey has not answered for <Span since={asOf} />.{' '}
      </span>
      Rotating is off until the connection is back.
    </Notice>
  );
}
