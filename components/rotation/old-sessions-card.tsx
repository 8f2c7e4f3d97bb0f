'use client';

import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { SessionList, totalOf } from '#components/connections/session-list.tsx';
import { useOldSessions } from '#components/data/projects.ts';
import { keepsOld } from '#components/proofs/rotation-facts.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Time } from '#components/ui/time.tsx';
import type { RotationWire } from '#lib/contract/job.ts';
import { EndSessionsDialog, type SessionChoice } from './end-sessions-dialog.tsx';

interface OldSessionsCardProps {
  jobId: string;
  roleName: string;
  rotation: RotationWire;
}

/** Sessions that logged in with the old password: as counted at the end, as they are now, and their end. */
export function OldSessionsCard({ jobId, roleName, rotation }: OldSessionsCardProps) {
  const { from_version: from, sessions_left: left, sessions_before: before, rescan_at: rescanAt } = rotation;
  const [isAsked, setAsked] = useState(false);
  const [choice, setChoice] = useState<SessionChoice | null>(null);
  // The server is asked without a press only where the rotation left some.
  const sessions = useOldSessions(jobId, isAsked || (left !== null && left > 0));
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  if (left === null) return null;
  const all = sessions.data?.sessions ?? [];
  // Where others know the password, a session that bears Rekey's name may be theirs.
  const old = all.filter(({ is_own: isOwn }) => !isOwn || rotation.reason === 'compromise');
  const count = sessions.data ? totalOf(old) : left;
  const refresh = () => (sessions.isFetched ? void sessions.refetch() : setAsked(true));
  const endReason = roleReason || staleReason;
  return (
    <Card
      title="On the old password"
      aside={<span className={count > 0 ? 'num font-medium text-warn-ink' : 'num'}>{before === null ? `${count} left` : `${count} of ${before} left`}</span>}
      actions={
        <>
          <Button size="small" kind="quiet" icon={RotateCw} busy={sessions.isFetching && 'Loading'} onClick={refresh}>
            Refresh
          </Button>
          {old.length > 0 && (
            <Button size="small" disabledReason={endReason} onClick={() => setChoice({ groups: all, isAll: true })}>
              End all
            </Button>
          )}
        </>
      }
    >
      {sessions.isError && (
        <p className="border-b border-line px-4 py-2.5 text-ink-2" role="alert">
          The sessions could not be listed: {sessions.error.message}
        </p>
      )}
      {old.length > 0 && <SessionList groups={old} endReason={endReason} onEnd={(group) => setChoice({ groups: [group], isAll: false })} />}
      <p className={`px-4 py-2.5 text-ink-2 ${old.length > 0 ? 'border-t border-line' : ''}`}>
        {count === 0 ? `No session that logged in with v${from} is open.` : `Sessions of v${from} stay open until they end or their application restarts.`}{' '}
        {keepsOld(rotation) && !rotation.is_old_retired
          ? `v${from} still logs in, so applications can reconnect with it.`
          : `No new session can log in with v${from}.`}
        {rescanAt && (
          <>
            {' '}
            Checked again at <Time at={rescanAt} />, for logins begun before the change.
          </>
        )}
      </p>
      {choice && <EndSessionsDialog jobId={jobId} roleName={roleName} version={from} choice={choice} onClose={() => setChoice(null)} />}
    </Card>
  );
}
