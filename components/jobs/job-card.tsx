'use client';

import { type ReactNode, useState } from 'react';
import { useNoWorker } from '#components/session/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { formatDuration } from '#components/ui/format-time.ts';
import { KeyValue } from '#components/ui/key-value.tsx';
import { RawRecord } from '#components/ui/raw-record.tsx';
import { State } from '#components/ui/state.tsx';
import { useShortcut } from '#components/ui/use-shortcut.ts';
import type { JobWire } from '#lib/contract/job.ts';
import { jobState, tookMs } from './job-words.ts';

interface JobCardProps {
  job: JobWire;
  title: string;
  /** What this kind of job has to tell, between its state and how long it took. */
  rows: readonly (readonly [string, ReactNode])[];
  /** Beside Raw. */
  action?: ReactNode;
  className?: string;
}

/** How a job that is no rotation went, with its raw record behind X. */
export function JobCard({ job, title, rows, action, className }: JobCardProps) {
  const [rawShown, setRawShown] = useState(false);
  useShortcut('x', () => setRawShown(true));
  const { kind, label } = jobState(job, useNoWorker(job.completed_at === null));
  const took = tookMs(job);
  return (
    <>
      <Card
        className={className}
        title={title}
        actions={
          <>
            <Button kind="quiet" size="small" shortcut="X" onClick={() => setRawShown(true)}>
              Raw
            </Button>
            {action}
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
            ...rows,
            ['Took', took === null ? 'not ended yet' : formatDuration(took)],
            ['Job', <code key="job">{job.id}</code>],
          ]}
        />
      </Card>
      <RawRecord job={job} open={rawShown} onOpenChange={setRawShown} />
    </>
  );
}

/** Which try it is at. */
export const attemptRow = ({ attempts, max_attempts: most }: JobWire): readonly [string, string] => ['Attempt', `${Math.max(1, attempts)} of ${most}`];
