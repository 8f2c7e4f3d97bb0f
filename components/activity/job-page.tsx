'use client';

import { Compass, RotateCw, Unplug } from 'lucide-react';
import { ProjectProofLine } from '#components/connections/project-proof-line.tsx';
import { useConnectionCheck } from '#components/connections/use-connection-check.ts';
import { useJob, useJobs, useProject } from '#components/data/projects.ts';
import { SyncPage } from '#components/integrations/sync-page.tsx';
import { attemptRow, JobCard } from '#components/jobs/job-card.tsx';
import { jobTitle } from '#components/jobs/job-words.ts';
import { newestOfLogin } from '#components/proofs/project-proof.ts';
import { RotationPage } from '#components/rotation/rotation-page.tsx';
import { Button, ButtonLink } from '#components/ui/button.tsx';
import { Empty } from '#components/ui/empty.tsx';
import { Loading, SkeletonBar } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { ApiProblem } from '#lib/contract/api-client.ts';
import type { JobWire } from '#lib/contract/job.ts';
import type { ProjectWire } from '#lib/contract/project.ts';

/** One check of the login: what it found. */
function CheckPage({ project, job }: { project: ProjectWire; job: JobWire }) {
  const jobs = useJobs(project.id).data ?? [];
  const prove = useConnectionCheck(project, newestOfLogin(jobs));
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

/** One deployment as a job: which password it carries, and what came of it. */
function DeploymentPage({ job, deployment }: { job: JobWire; deployment: NonNullable<JobWire['deployment']> }) {
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

/** The page of one job: a rotation, a sync, or a check of the login. */
export function JobPage({ projectId, jobId }: { projectId: string; jobId: string }) {
  const project = useProject(projectId);
  const job = useJob(jobId);
  const error = job.error ?? project.error;
  if (job.data && project.data) {
    if (job.data.rotation) return <RotationPage project={project.data} job={job.data} rotation={job.data.rotation} />;
    if (job.data.sync) return <SyncPage project={project.data} job={job.data} sync={job.data.sync} />;
    if (job.data.deployment) return <DeploymentPage job={job.data} deployment={job.data.deployment} />;
    return <CheckPage project={project.data} job={job.data} />;
  }
  if (error) return <JobProblem projectId={projectId} error={error} onRetry={() => void Promise.all([project.refetch(), job.refetch()])} />;
  return (
    <Loading label="Loading the job">
      <div className="grid h-14 content-center gap-3">
        <SkeletonBar width="14rem" className="!h-5" />
        <SkeletonBar width="24rem" />
      </div>
      <div className="card mt-5 grid h-64 content-start gap-5 p-4">
        <SkeletonBar width="60%" />
        <SkeletonBar width="90%" />
        <SkeletonBar width="80%" />
      </div>
    </Loading>
  );
}

function JobProblem({ projectId, error, onRetry }: { projectId: string; error: Error; onRetry: () => void }) {
  const isUnknown = error instanceof ApiProblem && error.status === 404;
  return (
    <>
      <h1 className="sr-only">Job</h1>
      {isUnknown ? (
        <Empty className="card mt-6 !py-14" icon={Compass} title="There is no such job" text="It may belong to another project. Nothing was changed.">
          <ButtonLink className="mt-4" kind="primary" href={`/projects/${projectId}/activity`}>
            Open the activity
          </ButtonLink>
        </Empty>
      ) : (
        <Empty
          className="card mt-6 !py-14"
          role="alert"
          icon={Unplug}
          tone="danger"
          title="The job could not be loaded"
          text={`${error.message} A rotation in progress continues.`}
        >
          <Button className="mt-4" kind="primary" icon={RotateCw} onClick={onRetry}>
            Try again
          </Button>
        </Empty>
      )}
    </>
  );
}
