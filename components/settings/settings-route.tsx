'use client';

import { ProjectGate } from '#components/data/project-gate.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { SettingsPage } from './settings-page.tsx';

export function SettingsRoute({ projectId }: { projectId: string }) {
  return (
    <ProjectGate projectId={projectId} loading={<Waiting />}>
      {(project) => <SettingsPage project={project} />}
    </ProjectGate>
  );
}

const Waiting = () => (
  <Loading label="Loading the settings" className="grid max-w-[64rem] gap-6">
    {['one', 'two', 'three'].map((key) => (
      <div key={key} className="grid gap-x-8 gap-y-3 lg:grid-cols-[15rem_minmax(0,1fr)]">
        <SkeletonBar width="9rem" />
        <div className="card grid h-24 content-center gap-3 px-4">
          <SkeletonBar width="40%" />
          <SkeletonBar width="70%" />
        </div>
      </div>
    ))}
  </Loading>
);
