'use client';

import { Check, Copy } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useTick } from '#components/data/consumers.ts';
import { fetchConnections, useProjectNames } from '#components/data/projects.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Time } from '#components/ui/time.tsx';
import { useCopy } from '#components/ui/use-copy.ts';
import type { ConsumerTaskWire } from '#lib/contract/consumer.ts';
import { aboutConsumer } from './consumer-words.ts';

interface TaskRowProps {
  jobId: string;
  task: ConsumerTaskWire;
  /** The project whose page it is on: of tasks of others the project is named. */
  projectId: string;
}

/** One consumer to be told; ticked in grey, for a tick proves nothing. */
export function TaskRow({ jobId, task, projectId }: TaskRowProps) {
  const tick = useTick(jobId, task);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  const reason = roleReason || staleReason;
  const [problem, setProblem] = useState<string | null>(null);
  const isDone = task.done_at !== null;
  const other = useProjectNames(task.project_id === projectId ? [] : [task.project_id]).get(task.project_id);
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Checkbox className="min-w-0 flex-1" tone="none" checked={isDone} disabledReason={reason} onChange={(next) => tick.mutate(next)}>
        <span className={isDone ? 'block text-ink-3' : 'block font-medium'}>{isDone ? task.name : `Give the new URL to ${task.name}`}</span>
        <span className="block text-xs text-ink-3 [overflow-wrap:anywhere]">
          {aboutConsumer(task)}
          {other && ` · of the project ${other}`}
          {isDone && ` · checked off by ${task.done_by}`}
        </span>
        {(tick.isError || problem) && (
          <span className="block text-xs text-danger-ink" role="alert">
            {tick.error?.message ?? problem}
          </span>
        )}
      </Checkbox>
      {task.done_at === null ? <CopyUrl projectId={task.project_id} onProblem={setProblem} /> : <Done at={task.done_at} />}
    </li>
  );
}

const Done = ({ at }: { at: string }) => (
  <span className="num shrink-0 text-xs text-ink-3">
    <Time at={at} style="minute" plain />
  </span>
);

/** Copies the URL of now; that is written to the audit log. */
function CopyUrl({ projectId, onProblem }: { projectId: string; onProblem: (problem: string | null) => void }) {
  const roleReason = useRoleReason('admin');
  const staleReason = useStaleReason();
  const { copied, copy } = useCopy(
    useCallback(async () => {
      try {
        const urls = await fetchConnections(projectId);
        onProblem(null);
        return urls.pooled_url ?? urls.direct_url;
      } catch (error) {
        onProblem((error as Error).message);
        return null;
      }
    }, [projectId, onProblem]),
  );
  return (
    <Button size="small" icon={copied ? Check : Copy} disabledReason={roleReason || staleReason} onClick={() => void copy()}>
      Copy URL
    </Button>
  );
}
