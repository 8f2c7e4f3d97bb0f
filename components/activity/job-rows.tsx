'use client';

import Link from 'next/link';
import { jobState, jobTitle, tookMs } from '#components/jobs/job-words.ts';
import { useNoWorker } from '#components/session/queries.ts';
import { formatDuration } from '#components/ui/format-time.ts';
import { State } from '#components/ui/state.tsx';
import { Span, When } from '#components/ui/time.tsx';
import { Truncated } from '#components/ui/truncated.tsx';
import type { JobWire } from '#lib/contract/job.ts';

const hrefOf = (job: JobWire): string => `/projects/${job.project_id}/activity/${job.id}`;

/** From 1088 px on. */
export function JobTable({ jobs }: { jobs: readonly JobWire[] }) {
  return (
    <table className="table">
      <caption className="sr-only">Jobs, newest first</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">What</th>
          <th scope="col">Started by</th>
          <th scope="col">Attempt</th>
          <th scope="col" className="r">
            Took
          </th>
          <th scope="col" className="r">
            When
          </th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => (
          <tr key={job.id}>
            <td className="w-40">
              <JobState job={job} />
            </td>
            <td>
              <Link className="font-medium hover:underline" href={hrefOf(job)}>
                {jobTitle(job)}
              </Link>{' '}
              <code className="text-xs text-ink-3">{job.id}</code>
            </td>
            <td className="text-ink-2">
              <Truncated text={job.requested_by} className="max-w-48" />
            </td>
            <td className="num text-ink-2">
              {Math.max(1, job.attempts)} of {job.max_attempts}
            </td>
            <td className="num r text-ink-2">
              <Took job={job} />
            </td>
            <td className="num r text-ink-3 [&_time]:font-sans">
              <When at={job.created_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Under 1088 px: the same facts as a list. */
export function JobList({ jobs }: { jobs: readonly JobWire[] }) {
  return (
    <ul className="list lg:hidden">
      {jobs.map((job) => (
        <li key={job.id} className="px-4 py-2.5">
          <p className="flex items-center gap-2">
            <JobState job={job} />
            <span className="spacer" />
            <span className="num text-xs text-ink-3 [&_time]:font-sans">
              <When at={job.created_at} />
            </span>
          </p>
          <p className="mt-0.5 [overflow-wrap:anywhere]">
            <Link className="font-medium hover:underline" href={hrefOf(job)}>
              {jobTitle(job)}
            </Link>{' '}
            <span className="text-ink-3">
              · {job.requested_by}, <Took job={job} />
            </span>
          </p>
        </li>
      ))}
    </ul>
  );
}

function JobState({ job }: { job: JobWire }) {
  const { kind, label } = jobState(job, useNoWorker());
  return <State kind={kind}>{label}</State>;
}

function Took({ job }: { job: JobWire }) {
  const ms = tookMs(job);
  return ms === null ? <Span since={job.created_at} /> : formatDuration(ms);
}
