'use client';

import { Check, Copy } from 'lucide-react';
import { useCallback } from 'react';
import { RunbookIntegration } from '#components/integrations/runbook-integration.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import { runbookText } from './consumer-words.ts';
import type { Runbook } from './runbook.ts';
import { TaskRow } from './task-row.tsx';

interface RunbookCardProps {
  jobId: string;
  runbook: Runbook;
  version: number;
  projectId: string;
}

/** What is left for a person once a rotation is completed: what is open first, then what is done. */
export function RunbookCard({ jobId, runbook, version, projectId }: RunbookCardProps) {
  const { tasks, integrations, left, total } = runbook;
  const { copied, copy } = useCopy(useCallback(() => Promise.resolve(runbookText(runbook, version)), [runbook, version]));
  return (
    <Card
      title="Runbook"
      aside={
        <span className="num">
          {total - left} of {total}
        </span>
      }
      actions={
        <Button kind="quiet" size="small" icon={copied ? Check : Copy} onClick={() => void copy()}>
          Copy as text
        </Button>
      }
    >
      <ul className="list">
        {tasks.open.map((task) => (
          <TaskRow key={task.id} jobId={jobId} task={task} projectId={projectId} />
        ))}
        {[...integrations.open, ...integrations.rest].map((integration) => (
          <RunbookIntegration key={integration.id} integration={integration} version={version} />
        ))}
        {tasks.done.map((task) => (
          <TaskRow key={task.id} jobId={jobId} task={task} projectId={projectId} />
        ))}
      </ul>
    </Card>
  );
}
