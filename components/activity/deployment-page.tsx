'use client';

import { useState } from 'react';
import { RawRecord } from '#components/rotation/raw-record.tsx';
import { useShortcut } from '#components/shell/use-shortcut.ts';
import { Button } from '#components/ui/button.tsx';
import { ButtonLink } from '#components/ui/button-link.tsx';
import { Card } from '#components/ui/card.tsx';
import { formatDuration } from '#components/ui/format-time.ts';
import { KeyValue } from '#components/ui/key-value.tsx';
import { State } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { JobWire } from '#lib/http/wire/job.ts';
import { jobState, jobTitle, tookMs } from './job-words.ts';

/** One deployment as a job: which password it carries, and what came of it. */
export function DeploymentPage({ job, deployment }: { job: JobWire; deployment: NonNullable<JobWire['deployment']> }) {
  const [rawShown, setRawShown] = useState(false);
  useShortcut('x', () => setRawShown(true));
  const { kind, label } = jobState(job);
  const took = tookMs(job);
  return (
    <>
      <h1>{jobTitle(job)}</h1>
      <p className="mt-0.5 mb-5 text-ink-3">
        Started by {job.requested_by} at <Time at={job.created_at} />.
      </p>
      <Card
        title="What came of it"
        actions={
          <>
            <Button kind="quiet" size="small" shortcut="X" onClick={() => setRawShown(true)}>
              Raw
            </Button>
            <ButtonLink size="small" href={`/sites/${encodeURIComponent(deployment.site_id)}`}>
              Open the site
            </ButtonLink>
          </>
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
            ['Carries', deployment.version === null ? 'not begun yet' : `v${deployment.version}`],
            ['Found', job.error ?? (job.state === 'completed' ? 'The password that it carries logged in. Older ones that waited for it end.' : 'Under way.')],
            ['Took', took === null ? 'running' : formatDuration(took)],
            ['Job', <code key="job">{job.id}</code>],
          ]}
        />
      </Card>
      <RawRecord job={job} open={rawShown} onOpenChange={setRawShown} />
    </>
  );
}
