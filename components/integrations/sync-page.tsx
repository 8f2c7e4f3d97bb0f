'use client';

import { useIntegrations } from '#components/data/integrations.ts';
import { attemptRow, JobCard } from '#components/jobs/job-card.tsx';
import { jobTitle } from '#components/jobs/job-words.ts';
import { Card } from '#components/ui/card.tsx';
import { Time } from '#components/ui/time.tsx';
import type { JobWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';
import { IntegrationItem } from './integration-item.tsx';

interface SyncPageProps {
  project: ProjectWire;
  job: JobWire;
  sync: NonNullable<JobWire['sync']>;
}

/** One sync: how it went, and how the integration stands now. */
export function SyncPage({ project, job, sync }: SyncPageProps) {
  const integration = useIntegrations(project.id).data?.find(({ id }) => id === sync.integration_id);
  return (
    <>
      <h1>{jobTitle(job)}</h1>
      <p className="mt-0.5 mb-5 text-ink-3">
        Started by {job.requested_by} at <Time at={job.created_at} />. A sync writes the variables and changes nothing on the database server.
      </p>
      <JobCard
        job={job}
        title="Result"
        rows={[
          ['Writes', sync.version === null ? 'the current password' : `v${sync.version}`],
          ...(job.error === null ? [] : [['Found', job.error] as const]),
          attemptRow(job),
        ]}
      />
      {integration && (
        <Card className="mt-4" title="Current state">
          <ul className="list">
            <IntegrationItem integration={integration} version={project.credential.version} />
          </ul>
        </Card>
      )}
    </>
  );
}
