'use client';

import { clientWords } from '#components/audit/client-words.ts';
import { useOwnSessions, useRevokeOtherSessions, useRevokeSession } from '#components/data/account.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { FieldError } from '#components/ui/field.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { Span, Time } from '#components/ui/time.tsx';
import { countWords } from '#components/ui/words.ts';
import type { SessionWire } from '#lib/contract/self.ts';

/** One sign-in: with what, from where, since when, and its end. */
function SessionRow({ session, reason }: { session: SessionWire; reason: string | false }) {
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

/** Every sign-in that has not ended, this one first. */
export function SessionsCard() {
  const { data: sessions, error, isFetching, refetch } = useOwnSessions();
  if (sessions) return <Sessions sessions={sessions} />;
  return (
    <Card title="Sessions">
      {error ? <ListProblem error={error} isAsking={isFetching} onRetry={() => void refetch()} /> : <RowsSkeleton label="Loading your sessions" />}
    </Card>
  );
}

function Sessions({ sessions }: { sessions: SessionWire[] }) {
  const revokeOthers = useRevokeOtherSessions();
  const reason = useStaleReason();
  const hasOthers = sessions.some(({ is_current: isCurrent }) => !isCurrent);
  return (
    <Card
      title={countWords(sessions.length, 'session')}
      actions={
        hasOthers && (
          <Button size="small" disabledReason={reason} busy={revokeOthers.isPending && 'Ending them'} onClick={() => revokeOthers.mutate()}>
            End all others
          </Button>
        )
      }
      foot="A session ends 12 hours after its last use, and 30 days after the sign-in at the latest."
    >
      {revokeOthers.error && (
        <div className="p-4">
          <Notice tone="danger" role="alert" title="No session was ended.">
            {revokeOthers.error.message}
          </Notice>
        </div>
      )}
      <ul className="divide-y divide-line" aria-label="Sessions">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} reason={reason} />
        ))}
      </ul>
    </Card>
  );
}
