'use client';

import { RotateCw } from 'lucide-react';
import { useSessions } from '#components/data/projects.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { SessionList } from './session-list.tsx';

/** The role's sessions, asked of the server itself. */
export function SessionsCard({ projectId }: { projectId: string }) {
  const sessions = useSessions(projectId);
  return (
    <Card
      title="Open sessions"
      aside={sessions.data && <span className="num">{sessions.data.total}</span>}
      actions={
        <Button kind="quiet" size="small" icon={RotateCw} busy={sessions.isFetching && 'Loading'} onClick={() => void sessions.refetch()}>
          Refresh
        </Button>
      }
    >
      <Content sessions={sessions} />
    </Card>
  );
}

function Content({ sessions }: { sessions: ReturnType<typeof useSessions> }) {
  if (sessions.isPending) {
    return (
      <Loading label="Loading the sessions" className="px-4 py-2">
        {['52%', '44%', '60%'].map((width) => (
          <div key={width} className="flex h-9 items-center justify-between gap-6">
            <SkeletonBar width={width} />
            <SkeletonBar width="4rem" />
          </div>
        ))}
      </Loading>
    );
  }
  if (sessions.isError) {
    return (
      <div className="px-4 py-3" role="status">
        <p>{sessions.error.message}</p>
        <p className="mt-0.5 text-ink-3">Which sessions are open is not known.</p>
      </div>
    );
  }
  if (sessions.data.total === 0) return <p className="px-4 py-3 text-ink-3">No session of this role is open.</p>;
  return <SessionList groups={sessions.data.sessions} />;
}
