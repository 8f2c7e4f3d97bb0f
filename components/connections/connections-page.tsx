'use client';

import { ConsumersCard } from '#components/consumers/consumers-card.tsx';
import { useJobs } from '#components/data/projects.ts';
import { newestOfLogin } from '#components/proofs/project-proof.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { ConnectionCard } from './connection-card.tsx';
import { DetailsCard } from './details-card.tsx';
import { ProjectProofLine } from './project-proof-line.tsx';
import { RightsCard } from './rights-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { useProveAgain } from './use-prove-again.ts';

/** Which password works, the URLs that carry it, and who is logged in with it. */
export function ConnectionsPage({ project }: { project: ProjectWire }) {
  const jobs = useJobs(project.id).data ?? [];
  const prove = useProveAgain(project, newestOfLogin(jobs));
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
