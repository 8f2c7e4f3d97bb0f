'use client';

import { ProjectGate } from '#components/data/project-gate.tsx';
import { ConnectionsPage } from './connections-page.tsx';
import { ConnectionsSkeleton } from './connections-skeleton.tsx';

export function ConnectionsRoute({ projectId }: { projectId: string }) {
  return (
    <ProjectGate projectId={projectId} loading={<ConnectionsSkeleton />}>
      {(project) => <ConnectionsPage project={project} />}
    </ProjectGate>
  );
}
