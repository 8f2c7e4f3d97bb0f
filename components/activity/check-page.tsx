'use client';

import { useState } from 'react';
import { ProjectProofLine } from '#components/connections/project-proof-line.tsx';
import { useProveAgain } from '#components/connections/use-prove-again.ts';
import { useJobs } from '#components/projects/queries.ts';
import { newestOfLogin } from '#components/rotation/project-proof.ts';
import { RawRecord } from '#components/rotation/raw-record.tsx';
import { useShortcut } from '#components/shell/use-shortcut.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { formatDuration } from '#components/ui/format-time.ts';
import { KeyValue } from '#components/ui/key-value.tsx';
import { State } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { JobWire } from '#lib/http/wire/job.ts';
import type { ProjectWire } from '#lib/http/wire/project.ts';
import { jobState, tookMs } from './job-words.ts';

/** One check of the login: what it found. */
export function CheckPage({ project, job }: { project: ProjectWire; job: JobWire }) {
  const [rawShown, setRawShown] = useState(false);
  useShortcut('x', () => setRawShown(true));
  const jobs = useJobs(project.id).data ?? [];
  const prove = useProveAgain(project, newestOfLogin(jobs));
  const { kind, label } = jobState(job);
  const took = tookMs(job);
  return (
    <>
      <h1>Login check</h1>
      <p className="mt-0.5 mb-5 text-ink-3">
        Started by {job.requested_by} at <Time at={job.created_at} />. A check changes nothing.
      </p>
      <ProjectProofLine project={project} jobs={jobs} prove={prove} />
      <Card
        className="mt-4"
        title="What it found"
        actions={
          <Button kind="quiet" size="small" shortcut="X" onClick={() => setRawShown(true)}>
            Raw
          </Button>
        }
      >
        <KeyValue
          className="px-4 py-2"
          rows={[
            [
              'State',
              <State key="state" kind={kind}>
                {label}
              </State>,
            ],
            ['Found', job.error ?? (job.state === 'completed' ? 'The login works, and its rights are known.' : 'Asking the server.')],
            ['Attempt', `${Math.max(1, job.attempts)} of ${job.max_attempts}`],
            ['Took', took === null ? 'running' : formatDuration(took)],
            ['Job', <code key="job">{job.id}</code>],
          ]}
        />
      </Card>
      <RawRecord job={job} open={rawShown} onOpenChange={setRawShown} />
    </>
  );
}
