'use client';

import { Check, Copy } from 'lucide-react';
import { useCallback } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import type { JobWire, RotationWire } from '#lib/http/wire/job.ts';
import { runbookText } from './consumer-words.ts';
import { TaskRow } from './task-row.tsx';

/** What is left for a person once a rotation is completed: what is open first, then what is done. */
export function RunbookCard({ job, rotation: { tasks }, projectId }: { job: JobWire; rotation: RotationWire; projectId: string }) {
  const open = tasks.filter(({ done_at: doneAt }) => doneAt === null);
  const done = tasks.filter(({ done_at: doneAt }) => doneAt !== null);
  const { copied, copy } = useCopy(useCallback(() => Promise.resolve(runbookText(tasks)), [tasks]));
  return (
    <Card
      title="Runbook"
      aside={
        <span className="num">
          {done.length} of {tasks.length}
        </span>
      }
      actions={
        <Button kind="quiet" size="small" icon={copied ? Check : Copy} onClick={() => void copy()}>
          Copy as text
        </Button>
      }
    >
      <ul className="list">
        {[...open, ...done].map((task) => (
          <TaskRow key={task.id} jobId={job.id} task={task} projectId={projectId} />
        ))}
      </ul>
    </Card>
  );
}
