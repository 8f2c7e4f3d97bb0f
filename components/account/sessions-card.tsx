'use client';

import { useOwnSessions, useRevokeOtherSessions } from '#components/data/account.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { countWords } from '#components/ui/count-words.ts';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { RowsSkeleton } from '#components/ui/rows-skeleton.tsx';
import type { SessionWire } from '#lib/contract/self.ts';
import { SessionRow } from './session-row.tsx';

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
