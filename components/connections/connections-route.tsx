'use client';

import { ProjectGate } from '#components/data/project-gate.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { ConnectionsPage } from './connections-page.tsx';

const Rows = ({ widths }: { widths: string[] }) => (
  <div className="px-4 py-2">
    {widths.map((width) => (
      <div key={width} className="flex h-9 items-center justify-between gap-6">
        <SkeletonBar width={width} />
        <SkeletonBar width="4rem" />
      </div>
    ))}
  </div>
);

/** The size of what comes, while the project is loaded. */
function ConnectionsSkeleton() {
  return (
    <Loading label="Loading the connection">
      <div className="proof h-[2.875rem]">
        <SkeletonBar width="1.125rem" className="!h-[1.125rem] !rounded-full" />
        <SkeletonBar width="60%" />
      </div>
      <div className="mt-4 grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid gap-4">
          <div className="card">
            <div className="card-head">
              <SkeletonBar width="6rem" />
            </div>
            <div className="grid gap-5 p-4">
              <SkeletonBar width="9rem" />
              <div className="secret">
                <SkeletonBar width="70%" />
              </div>
              <SkeletonBar width="11rem" />
              <div className="secret">
                <SkeletonBar width="66%" />
              </div>
            </div>
            <div className="grid h-[9.5rem] content-center gap-3 border-t border-line px-4">
              <SkeletonBar width="32%" />
              <SkeletonBar width="78%" />
              <SkeletonBar width="82%" />
            </div>
          </div>
          <div className="card">
            <div className="card-head">
              <SkeletonBar width="4rem" />
            </div>
            <Rows widths={['30%', '26%', '40%']} />
          </div>
        </div>
        <div className="card">
          <div className="card-head">
            <SkeletonBar width="7rem" />
          </div>
          <Rows widths={['52%', '44%', '60%']} />
        </div>
      </div>
    </Loading>
  );
}

export function ConnectionsRoute({ projectId }: { projectId: string }) {
  return (
    <ProjectGate projectId={projectId} loading={<ConnectionsSkeleton />}>
      {(project) => <ConnectionsPage project={project} />}
    </ProjectGate>
  );
}
