'use client';

import { Check, CircleHelp, CirclePlay, LoaderCircle, type LucideIcon, RotateCw, ShieldCheck, Undo2, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { formatDuration } from '#components/ui/format-time.ts';
import { Icon } from '#components/ui/icon.tsx';
import type { Sentence } from '#components/ui/sentence.ts';
import { SentenceText } from '#components/ui/sentence-text.tsx';
import { Time } from '#components/ui/time.tsx';
import type { StepWire } from '#lib/contract/job.ts';
import { type StepSubject, type StepWords, stepWords } from './step-words.ts';

const MARKS: Record<StepWords['mark'], LucideIcon> = {
  check: Check,
  proven: ShieldCheck,
  play: CirclePlay,
  retry: RotateCw,
  unknown: CircleHelp,
  cross: X,
  undo: Undo2,
};

interface TimelineProps {
  steps: readonly StepWire[];
  subject: StepSubject;
  /** What is being done now, above the rest. */
  now: Sentence | null;
  onRaw: () => void;
}

/** What happened, newest first. Rows do not move while the pointer is over them. */
export function Timeline({ steps, subject, now, onRaw }: TimelineProps) {
  const [held, setHeld] = useState<readonly StepWire[] | null>(null);
  return (
    <Card
      title="Timeline"
      actions={
        <Button kind="quiet" size="small" shortcut="X" onClick={onRaw}>
          Raw
        </Button>
      }
    >
      <ol className="log py-1.5" aria-live="polite" onPointerEnter={() => setHeld(steps)} onPointerLeave={() => setHeld(null)}>
        {now && (
          <li data-tone="accent">
            <time />
            <Icon as={LoaderCircle} className="spin" />
            <span>
              <b className="font-medium">
                <SentenceText of={now} />
              </b>
            </span>
            <span className="ms" />
          </li>
        )}
        {(held ?? steps).toReversed().map((step) => (
          <Row key={step.id} step={step} subject={subject} />
        ))}
      </ol>
    </Card>
  );
}

function Row({ step, subject }: { step: StepWire; subject: StepSubject }) {
  const { tone, mark, words } = stepWords(step, subject);
  return (
    <li data-tone={tone === 'ok' ? undefined : tone}>
      <Time at={step.at} style="millisecond" />
      <Icon as={MARKS[mark]} />
      <span>
        <SentenceText of={words} />
      </span>
      <span className="ms">{step.duration_ms === null ? '' : formatDuration(step.duration_ms)}</span>
    </li>
  );
}
