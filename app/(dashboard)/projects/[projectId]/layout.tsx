import type { ReactNode } from 'react';
import { ProjectKeys } from '#components/projects/project-keys.tsx';
import { RotateProvider } from '#components/rotation/rotate-provider.tsx';

interface ProjectLayoutProps {
  params: Promise<{ projectId: string }>;
  children: ReactNode;
}

/** The keys and the rotate dialog of all pages of a project. */
export default async function ProjectLayout({ params, children }: ProjectLayoutProps) {
  const { projectId } = await params;
  return (
    <RotateProvider projectId={projectId}>
      <ProjectKeys projectId={projectId} />
      {children}
    </RotateProvider>
  );
}
