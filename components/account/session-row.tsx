'use client';

import { clientWords } from '#components/audit/client-words.ts';
import { useRevokeSession } from '#components/data/account.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { Span, Time } from '#components/ui/time.tsx';
import type { SessionWire } from '#lib/contract/self.ts';

/** One sign-in: with what, from where, since when, and its end. */
export function SessionRow({ session, reason }: { session: SessionWire; reason: string | false }) {
  const revoke = useRevokeSession(session.id);
  const { is_current: isCurrent, address, user_agent: userAgent } = session;
  const name = userAgent === null ? 'Unknown program' : clientWords(userAgent);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {name}
          {isCurrent && <Badge tone="line">This session</Badge>}
        </p>
        <p className="text-xs text-ink-3">
          {address !== null && (
            <>
              from <span className="mono">{address}</span>
              {' · '}
            </>
          )}
          signed in <Time at={session.created_at} plain />
          {' · '}
          {isCurrent ? (
            'used now'
          ) : (
            <>
              last used <Span since={session.last_seen_at} /> ago
            </>
          )}
        </p>
        {revoke.error && <FieldError>{revoke.error.message}</FieldError>}
      </div>
      {!isCurrent && (
        <Button size="small" disabledReason={reason} busy={revoke.isPending && 'Ending it'} onClick={() => revoke.mutate()}>
          End
          <span className="sr-only">
            {' '}
            the session of {name}
            {address !== null && ` from ${address}`}
          </span>
        </Button>
      )}
    </li>
  );
}
