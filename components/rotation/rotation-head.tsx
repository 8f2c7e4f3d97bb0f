'use client';

import { Check, CircleHelp, Hourglass, LoaderCircle, type LucideIcon, RotateCw, UserRound, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useCancelRotation } from '#components/data/projects.ts';
import { REASON_LABELS } from '#components/proofs/reasons.ts';
import type { Work } from '#components/proofs/running-words.ts';
import { useStaleReason } from '#components/session/live.tsx';
import { useRoleReason } from '#components/session/use-role-reason.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Countdown, Time } from '#components/ui/time.tsx';
import type { Tone } from '#components/ui/tone.ts';
import type { JobWire, RotationWire } from '#lib/contract/job.ts';
import { formatClock, msBetween } from './clock.ts';

const BADGES: Record<RotationWire['state'], { label: string; tone: Tone; icon: LucideIcon }> = {
  requested: { label: 'Requested', tone: 'accent', icon: LoaderCircle },
  staged: { label: 'Stored', tone: 'accent', icon: LoaderCircle },
  applying: { label: 'Changing', tone: 'accent', icon: LoaderCircle },
  verifying: { label: 'Verifying', tone: 'accent', icon: LoaderCircle },
  promoted: { label: 'Proving', tone: 'accent', icon: LoaderCircle },
  completed: { label: 'Completed', tone: 'ok', icon: Check },
  failed: { label: 'Failed', tone: 'danger', icon: X },
  needs_attention: { label: 'Needs attention', tone: 'warn', icon: CircleHelp },
};

const WAITING = { label: 'Waiting for a worker', tone: 'warn', icon: Hourglass } as const;

interface RotationHeadProps {
  job: JobWire;
  rotation: RotationWire;
  /** How many things are left to do. */
  left: number;
  onRaw: () => void;
  /** Opens the dialog again, after a failure. */
  onRetry: () => void;
  retryReason: string | false;
  work: Work;
}

/** Which rotation this is, how it stands as a job, and how long it takes. */
export function RotationHead({ job, rotation, left, onRaw, onRetry, retryReason, work }: RotationHeadProps) {
  const { label, tone, icon } = work === 'no_worker' && rotation.finished_at === null ? WAITING : BADGES[rotation.state];
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h1>{rotation.kind === 'retire' ? 'Retirement of old passwords' : `Rotation to v${rotation.to_version}`}</h1>
          <Badge tone={tone} icon={icon}>
            {label}
          </Badge>
          {left > 0 && (
            <Badge tone="warn" icon={UserRound}>
              {left === 1 ? '1 thing' : `${left} things`} left to do
            </Badge>
          )}
        </div>
        <p className="mt-0.5 text-ink-3 [overflow-wrap:anywhere]">
          Started by {rotation.requested_by} at <Time at={rotation.created_at} /> · {reasonWords(rotation)}
          <button type="button" className="link" onClick={onRaw}>
            {job.id}
          </button>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-x-5 gap-y-2 max-sm:w-full">
        {rotation.state === 'failed' ? (
          <Button kind="primary" icon={RotateCw} className="max-sm:flex-1" onClick={onRetry} disabledReason={retryReason}>
            Try again
          </Button>
        ) : (
          <>
            {(rotation.state === 'requested' || rotation.state === 'staged') && rotation.kind === 'rotate' && <Cancel jobId={job.id} />}
            <Figures job={job} rotation={rotation} work={work} />
          </>
        )}
      </div>
    </div>
  );
}

/** While nothing has been sent; afterwards only the server's answer ends a rotation. */
function Cancel({ jobId }: { jobId: string }) {
  const cancel = useCancelRotation(jobId);
  const roleReason = useRoleReason('operator');
  const staleReason = useStaleReason();
  return (
    <Button icon={X} busy={cancel.isPending && 'Canceling'} disabledReason={roleReason || staleReason} onClick={() => cancel.mutate()}>
      Cancel the rotation
    </Button>
  );
}

function reasonWords({ reason, note }: RotationWire): string {
  if (reason === null && note === null) return '';
  const name = reason === null ? 'note' : REASON_LABELS[reason].toLowerCase();
  return `${name}${note ? `: “${note}”` : ''} · `;
}

function Figures({ job, rotation, work }: { job: JobWire; rotation: RotationWire; work: Work }) {
  const attention = rotation.state === 'needs_attention' && work !== 'no_worker';
  return (
    <dl className="flex items-baseline gap-5 sm:text-right">
      <Figure name="Attempt">
        {Math.max(1, job.attempts)} of {job.max_attempts}
      </Figure>
      {attention && rotation.next_attempt_at ? (
        <Figure name="Next check in">
          <Countdown until={rotation.next_attempt_at} />
        </Figure>
      ) : (
        <Figure name={rotation.finished_at ? 'Took' : 'Elapsed'} mono>
          {rotation.finished_at ? formatClock(msBetween(rotation.created_at, rotation.finished_at)) : <Elapsed since={rotation.created_at} />}
        </Figure>
      )}
    </dl>
  );
}

function Figure({ name, mono, children }: { name: string; mono?: boolean; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className={`num text-md font-semibold ${mono ? 'font-mono' : ''}`}>{children}</dd>
    </div>
  );
}

const TICK_MS = 100;

/** A clock with tenths: while a rotation runs, a second is long. */
function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">{formatClock(now === null ? 0 : now - Date.parse(since))}</span>;
}
