'use client';

import { RotateCw } from 'lucide-react';
import { ConsumersCard } from '#components/consumers/consumers-card.tsx';
import { useJobs, useSessions } from '#components/data/projects.ts';
import { newestOfLogin } from '#components/proofs/project-proof.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { KeyValue } from '#components/ui/key-value.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { ConnectionCard } from './connection-card.tsx';
import { ProjectProofLine } from './project-proof-line.tsx';
import { RightsCard } from './rights-card.tsx';
import { SessionList } from './session-list.tsx';
import { useConnectionCheck } from './use-connection-check.ts';

/** The role's sessions, asked of the server itself. */
function SessionsCard({ projectId }: { projectId: string }) {
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

/** Where the database is, and as whom one logs in. */
function DetailsCard({ project }: { project: ProjectWire }) {
  const pooled = project.pooled_port === null ? <span className="text-ink-3">none given</span> : <code>{project.pooled_port}</code>;
  // Until a check has tried the rotator on it, a role that can change its own password does.
  const byRotator = project.rotator_name !== null && !(project.rights?.self_may_change && project.rights.rotator_may_change === null);
  return (
    <Card title="Details" aside="a rotation changes none of these">
      <KeyValue
        wide
        className="px-4 py-2"
        rows={[
          ['Host', <code key="host">{project.public_host}</code>],
          ['Database', <code key="database">{project.database_name}</code>],
          ['Direct port', <code key="port">{project.direct_port}</code>],
          ['Role', <code key="role">{project.role_name}</code>],
          ['Pooled port', pooled],
          ['TLS', project.ssl_mode],
          ['Protected by', project.protection.text ?? <span className="text-ink-3">not checked yet</span>],
          ['Changed by', byRotator ? <code key="rotator">{project.rotator_name}</code> : 'the role itself'],
        ]}
      />
    </Card>
  );
}

/** Which password works, the URLs that carry it, and who is logged in with it. */
export function ConnectionsPage({ project }: { project: ProjectWire }) {
  const jobs = useJobs(project.id).data ?? [];
  const prove = useConnectionCheck(project, newestOfLogin(jobs));
  const isNew = project.rotated_at === null;
  const rights = <RightsCard project={project} prove={prove} />;
  return (
    <>
      <ProjectProofLine project={project} jobs={jobs} prove={prove} />
      <div className="mt-4 grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          {isNew && rights}
          <ConnectionCard project={project} />
          <DetailsCard project={project} />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <ConsumersCard project={project} />
          {project.credential.direct_proven_at !== null && <SessionsCard projectId={project.id} />}
          {!isNew && rights}
        </div>
      </div>
    </>
  );
}
