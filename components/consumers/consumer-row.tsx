'use client';

import Link from 'next/link';
import { Icon } from '#components/ui/icon.tsx';
import { State } from '#components/ui/state.tsx';
import { Span } from '#components/ui/time.tsx';
import type { ConsumerWire } from '#lib/contract/consumer.ts';
import { CONSUMER_KINDS } from './consumer-kinds.ts';
import { aboutConsumer } from './consumer-words.ts';

/** A consumer that a person tells, and what became of that after the last rotation. */
export function ConsumerRow({ consumer, onChange }: { consumer: ConsumerWire; onChange: () => void }) {
  const { name, kind, task, project_id: projectId } = consumer;
  return (
    <li className="flex items-start gap-3 px-4 py-2.5">
      <Icon as={CONSUMER_KINDS[kind].icon} className="mt-0.5 text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <button type="button" className="truncate font-medium hover:underline" title={`Change ${name}`} onClick={onChange}>
            {name}
          </button>
          <span className="spacer" />
          {task && <span className="shrink-0">{task.done_at === null ? <State kind="to-do">To update</State> : <State kind="ticked">Updated</State>}</span>}
        </p>
        <p className="flex items-baseline gap-2 text-xs text-ink-3">
          <span className="min-w-0 flex-1 truncate">{aboutConsumer(consumer)}</span>
          {task && (
            <span className="num shrink-0">
              v{task.version}
              {task.done_at !== null && (
                <>
                  , <Span since={task.done_at} /> ago
                </>
              )}
            </span>
          )}
        </p>
        {task && task.done_at === null && (
          <Link className="link text-xs" href={`/projects/${projectId}/activity/${task.job_id}`}>
            Open the checklist
          </Link>
        )}
      </div>
    </li>
  );
}
