'use client';

import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useSessions } from '#components/projects/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Time } from '#components/ui/time.tsx';
import type { RotationWire } from '#lib/http/wire/job.ts';
import { SessionList } from './session-list.tsx';

/** Sessions that logged in with the old password, as counted at the end, and as they stand on a press. */
export function OldSessionsCard({ projectId, rotation }: { projectId: string; rotation: RotationWire }) {
  const [asked, setAsked] = useState(false);
  const sessions = useSessions(projectId, asked);
  const { from_version: from, sessions_left: left, sessions_before: before, changed_at: changedAt, rescan_at: rescanAt } = rotation;
  if (left === null) return null;
  // Where others know the password, a session that bears Rekey's name may be theirs.
  const now = (sessions.data?.sessions ?? []).filter(({ is_own: isOwn }) => !isOwn || rotation.reason === 'compromise');
  // A server that does not tell when a session began is counted at the end alone.
  const tellsBegin = now.every(({ since }) => since !== null);
  const old = changedAt === null ? [] : now.filter(({ since }) => since !== null && Date.parse(since) < Date.parse(changedAt));
  const count = sessions.data && tellsBegin ? old.reduce((sum, group) => sum + group.count, 0) : left;
  const look = () => (asked ? void sessions.refetch() : setAsked(true));
  return (
    <Card
      title="On the old password"
      aside={<span className={count > 0 ? 'num font-medium text-warn-ink' : 'num'}>{before === null ? `${count} left` : `${count} of ${before} left`}</span>}
      actions={
        <Button size="small" kind="quiet" icon={RotateCw} busy={sessions.isFetching && 'Loading'} onClick={look}>
          Refresh
        </Button>
      }
    >
      {sessions.isError && (
        <p className="border-b border-line px-4 py-2.5 text-ink-2" role="alert">
          The sessions could not be listed: {sessions.error.message}
        </p>
      )}
      {old.length > 0 && <SessionList groups={old} />}
      <p className="px-4 py-2.5 text-ink-2">
        {count === 0
          ? `No session that logged in with v${from} is open.`
          : `Sessions of v${from} stay open until their application restarts. No new session can log in with it.`}
        {rescanAt && (
          <>
            {' '}
            Checked again at <Time at={rescanAt} />, for logins begun before the change.
          </>
        )}
      </p>
    </Card>
  );
}
