import type { ReactNode } from 'react';
import { ProjectHeader } from '#components/projects/project-header.tsx';

interface TabsLayoutProps {
  params: Promise<{ projectId: string }>;
  children: ReactNode;
}

export default async function TabsLayout({ params, children }: TabsLayoutProps) {
  return (
    <>
      <ProjectHeader projectId={(await params).projectId} />
      {children}
    </>
  );
}
