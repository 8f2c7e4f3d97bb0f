import { Check, Minus, UserRound, X } from 'lucide-react';
import { Icon } from '#components/ui/icon.tsx';
import type { ColumnState } from './handover-columns.ts';

/** The state of a step, in words for readers. */
export const STATE_WORDS: Record<ColumnState, string> = {
  done: 'done',
  now: 'in progress',
  waiting: 'waiting',
  failed: 'failed',
  unknown: 'unknown',
  person: 'needs a person',
  skipped: 'not reached',
};

/** The round mark of a step; its shape differs as well as its colour. */
export function StepMark({ state }: { state: ColumnState }) {
  return <span className="mark">{markContent(state)}</span>;
}

function markContent(state: ColumnState) {
  switch (state) {
    case 'done':
      return <Icon as={Check} />;
    case 'failed':
      return <Icon as={X} />;
    case 'skipped':
      return <Icon as={Minus} />;
    case 'person':
      return <Icon as={UserRound} />;
    case 'unknown':
      return (
        <b className="!mt-0 font-bold text-2xs" aria-hidden="true">
          ?
        </b>
      );
    case 'now':
    case 'waiting':
      return null;
  }
}
