'use client';

import { JobCard } from '#components/jobs/job-card.tsx';
import { jobTitle } from '#components/jobs/job-words.ts';
import { ButtonLink } from '#components/ui/button-link.tsx';
import { Time } from '#components/ui/time.tsx';
import type { JobWire } from '#lib/contract/job.ts';

/** One deployment as a job: which password it carries, and what came of it. */
export function DeploymentPage({ job, deployment }: { job: JobWire; deployment: NonNullable<JobWire['deployment']> }) {
  return (
    <>
      <h1>{jobTitle(job)}</h1>
      <p className="mt-0.5 mb-5 text-ink-3">
        Started by {job.requested_by} at <Time at={job.created_at} />.
      </p>
      <JobCard
        job={job}
        title="Result"
        action={
          <ButtonLink size="small" href={`/sites/${encodeURIComponent(deployment.site_id)}`}>
            Open the site
          </ButtonLink>
        }
        rows={[
          ['Carries', deployment.version === null ? 'not started yet' : `v${deployment.version}`],
          [
            'Found',
            job.error ?? (job.state === 'completed' ? 'The password that it carries logged in. Older passwords that waited for it end.' : 'Nothing yet.'),
          ],
        ]}
      />
    </>
  );
}
