'use client';

import { useState } from 'react';
import { jobState, jobTitle, tookMs } from '#components/activity/job-words.ts';
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
import { IntegrationItem } from './integration-item.tsx';
import { useIntegrations } from './queries.ts';

interface SyncPageProps {
  project: ProjectWire;
  job: JobWire;
  sync: NonNullable<JobWire['sync']>;
}

/** One sync: how it went, and how the integration stands now. */
export function SyncPage({ project, job, sync }: SyncPageProps) {
  const [rawShown, setRawShown] = useState(false);
  useShortcut('x', () => setRawShown(true));
  const integration = useIntegrations(project.id).data?.find(({ id }) => id === sync.integration_id);
  const { kind, label } = jobState(job);
  const took = tookMs(job);
  return (
    <>
      <h1>{jobTitle(job)}</h1>
      <p className="mt-0.5 mb-5 text-ink-3">
        Started by {job.requested_by} at <Time at={job.created_at} />. A sync writes the variables and changes nothing on the database server.
      </p>
      <Card
        title="How it went"
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
            ['Brings', sync.version === null ? 'the current password' : `v${sync.version}`],
            ...(job.error === null ? [] : [['Found', job.error] as const]),
            ['Attempt', `${Math.max(1, job.attempts)} of ${job.max_attempts}`],
            ['Took', took === null ? 'running' : formatDuration(took)],
            ['Job', <code key="job">{job.id}</code>],
          ]}
        />
      </Card>
      {integration && (
        <Card className="mt-4" title="As it stands now">
          <ul className="list">
            <IntegrationItem integration={integration} version={project.credential.version} />
          </ul>
        </Card>
      )}
      <RawRecord job={job} open={rawShown} onOpenChange={setRawShown} />
    </>
  );
}
