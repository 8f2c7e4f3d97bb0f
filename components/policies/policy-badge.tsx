'use client';

import { CalendarOff, Clock } from 'lucide-react';
import { Badge } from '#components/ui/badge.tsx';
import { useNow } from '#components/ui/time.tsx';
import type { ProjectWire } from '#lib/contract/project.ts';
import { clockIn, dayWords, overdueDays, untilWords } from './policy-words.ts';

/** By how long a password is past its maximum age; nothing where it is not. */
export function OverdueText({ policy }: Pick<ProjectWire, 'policy'>) {
  const now = useNow();
  const late = policy && now ? overdueDays(policy.due_at, now) : null;
  if (late === null) return null;
  return <span className="block text-xs text-warn-ink">{late === 0 ? 'overdue since today' : `overdue by ${late} d`}</span>;
}

/** When a project's policy rotates it: "Rotates in 12 days, Sun 6 Dec 02:00 Europe/Berlin", or by how long it is overdue. */
export function PolicyBadge({ policy }: Pick<ProjectWire, 'policy'>) {
  const now = useNow();
  if (!policy || !now) return null;
  const late = overdueDays(policy.due_at, now);
  if (late !== null)
    return (
      <Badge tone="warn" icon={CalendarOff}>
        {late === 0 ? 'Overdue since today' : `Overdue by ${late === 1 ? '1 day' : `${late} days`}`}
      </Badge>
    );
  if (policy.is_paused) return <Badge icon={Clock}>Policy paused</Badge>;
  if (!policy.next_run_at) return null;
  return (
    <Badge icon={Clock}>
      Rotates {untilWords(policy.next_run_at, now)}, {dayWords(policy.time_zone, policy.next_run_at)} {clockIn(policy.time_zone, policy.next_run_at)}{' '}
      {policy.time_zone}
    </Badge>
  );
}
