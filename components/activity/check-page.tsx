'use client';

import { ProjectProofLine } from '#components/connections/project-proof-line.tsx';
import { useProveAgain } from '#components/connections/use-prove-again.ts';
import { useJobs } from '#components/data/projects.ts';
import { attemptRow, JobCard } from '#components/jobs/job-card.tsx';
import { newestOfLogin } from '#components/proofs/project-proof.ts';
import { Time } from '#components/ui/time.tsx';
import type { JobWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

/** One check of the login: what it found. */
export function CheckPage({ project, job }: { project: ProjectWire; job: JobWire }) {
  const jobs = useJobs(project.id).data ?? [];
  const prove = useProveAgain(project, newestOfLogin(jobs));
  return (
    <>
      <h1>Connection check</h1>
      <p className="mt-0.5 mb-5 text-ink-3">
        Started by {job.requested_by} at <Time at={job.created_at} />. A check changes nothing.
      </p>
      <ProjectProofLine project={project} jobs={jobs} prove={prove} />
      <JobCard
        className="mt-4"
        job={job}
        title="Result"
        rows={[['Found', job.error ?? (job.state === 'completed' ? 'The login works, and its rights are known.' : 'Nothing yet.')], attemptRow(job)]}
      />
    </>
  );
}
