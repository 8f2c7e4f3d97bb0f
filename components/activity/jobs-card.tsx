'use client';

import { useState } from 'react';
import { useJobPages } from '#components/data/projects.ts';
import { Card } from '#components/ui/card.tsx';
import { ListProblem } from '#components/ui/list-problem.tsx';
import { OlderButton } from '#components/ui/older-button.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import type { JobWire } from '#lib/contract/job.ts';
import { JobList, JobTable } from './job-rows.tsx';

const KINDS = [
  { value: 'all', label: 'All' },
  { value: 'rotations', label: 'Rotations' },
  { value: 'checks', label: 'Checks' },
  { value: 'syncs', label: 'Syncs' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

const NONE_YET: Record<Kind, string> = {
  all: 'No job yet.',
  rotations: 'Nothing was rotated here yet.',
  checks: 'No login was checked here yet.',
  syncs: 'Nothing was synced here yet.',
};

function isOfKind({ type }: JobWire, kind: Kind): boolean {
  switch (kind) {
    case 'all':
      return true;
    case 'rotations':
      return type === 'project.rotate_credentials' || type === 'credential.retire';
    case 'checks':
      return type === 'project.verify_connection';
    case 'syncs':
      return type === 'integration.sync_env';
  }
}

/** The jobs of the project, newest first. */
export function JobsCard({ projectId }: { projectId: string }) {
  const [kind, setKind] = useState<Kind>('all');
  const jobs = useJobPages(projectId);
  const shown = jobs.data?.filter((job) => isOfKind(job, kind)) ?? [];
  return (
    <Card
      title="Jobs"
      actions={<Segmented label="Kind of job" value={kind} onChange={setKind} options={KINDS} />}
      foot={jobs.isSuccess && shown.length > 0 && `${shown.length} of ${jobs.hasNextPage ? 'the newest ' : ''}${jobs.data.length} jobs`}
    >
      {jobs.isPending && <RowsSkeleton label="Loading the jobs" />}
      {jobs.isError && <ListProblem error={jobs.error} isAsking={jobs.isFetching} onRetry={() => void jobs.refetch()} />}
      {jobs.isSuccess && shown.length === 0 && <p className="px-4 py-3 text-ink-3">{jobs.hasNextPage ? 'None among the newest jobs.' : NONE_YET[kind]}</p>}
      {shown.length > 0 && (
        <>
          <div className="hidden lg:block">
            <JobTable jobs={shown} />
          </div>
          <JobList jobs={shown} />
        </>
      )}
      {jobs.hasNextPage && <OlderButton isLoading={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()} />}
    </Card>
  );
}
