'use client';

import { KeyRound, UserMinus } from 'lucide-react';
import Link from 'next/link';
import { useRotateSeen } from '#components/data/members.ts';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { State } from '#components/ui/state.tsx';
import { Time } from '#components/ui/time.tsx';
import type { DepartureWire } from '#lib/contract/member.ts';
import { departureWords } from './member-words.ts';

/** Somebody who was removed, and how the rotation of what they had seen is getting on. */
export function DepartureNotice({ departure, reason }: { departure: DepartureWire; reason: string | false }) {
  const rotate = useRotateSeen(departure.id);
  const left = departure.credentials.filter(({ state }) => state === 'open' || state === 'failed');
  const jobs = departure.credentials.filter(({ state, job_id: job }) => job !== null && (state === 'rotating' || state === 'failed'));
  const isDone = departure.rotated === departure.total;
  return (
    <Notice
      tone={departure.failed > 0 ? 'warn' : isDone ? 'none' : 'info'}
      icon={UserMinus}
      role="status"
      title={
        <>
          {departure.email} was removed <Time at={departure.created_at} style="day" />.
        </>
      }
    >
      {departureWords(departure)}
      {departure.running > 0 && (
        <span className="mt-2 block">
          <State kind="running">
            {departure.rotated} of {departure.total} rotated
          </State>
        </span>
      )}
      {jobs.map(({ job_id: job, project_id: project, project_name: name }) => (
        <Link key={job} className="link mt-1 block w-fit" href={`/projects/${project}/activity/${job}`}>
          Rotation of {name}
        </Link>
      ))}
      {left.length > 0 && (
        <span className="mt-2 block">
          <Button size="small" icon={KeyRound} disabledReason={reason} busy={rotate.isPending && 'Starting'} onClick={() => rotate.mutate(undefined)}>
            {left.length === departure.total
              ? left.length === 1
                ? 'Rotate it'
                : `Rotate all ${left.length}`
              : left.length === 1
                ? 'Rotate the other one'
                : `Rotate the other ${left.length}`}
          </Button>
        </span>
      )}
      {rotate.error && (
        <span className="mt-2 block text-danger-ink" role="alert">
          {rotate.error.message}
        </span>
      )}
    </Notice>
  );
}
