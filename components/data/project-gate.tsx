'use client';

import { RotateCw, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Empty, NothingHere } from '#components/ui/empty.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { useProject } from './projects.ts';

interface ProjectGateProps {
  projectId: string;
  loading: ReactNode;
  children: (project: ProjectWire) => ReactNode;
}

/** Draws what needs a project once it is there, and says so where it cannot be had. */
export function ProjectGate({ projectId, loading, children }: ProjectGateProps) {
  const project = useProject(projectId);
  if (project.data) return children(project.data);
  if (!project.isError) return loading;
  if (project.error instanceof ApiProblem && project.error.status === 404) {
    return (
      <NothingHere
        title="There is no such project"
        text="It may have been forgotten, or it belongs to someone else. Nothing was changed."
        href="/"
        action="Open the overview"
      />
    );
  }
  return (
    <Empty
      className="card !py-14"
      role="alert"
      icon={Unplug}
      tone="danger"
      title="The project could not be loaded"
      text={`${project.error.message} The database and its password are not affected by this page.`}
    >
      <Button className="mt-4" kind="primary" icon={RotateCw} busy={project.isFetching && 'Trying again'} onClick={() => void project.refetch()}>
        Try again
      </Button>
    </Empty>
  );
}
